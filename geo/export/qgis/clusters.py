"""The layer of scan clusters: the areas of each cluster as one shape."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd
import shapely

from geo import periods
from geo.export.qgis import symbols
from geo.export.qgis.areas import area_shapes, mended
from geo.export.qgis.fields import fields
from geo.export.qgis.parts import CODE, Labels, Layer, Style, Temporal
from geo.export.qgis.renderers import by_rules, column
from geo.export.qgis.words import word
from geo.render import palette
from geo.render.mapdata import Level
from geo.render.text import Language
from geo.steps.scan import ScanResults

_NAMES = (
    "rank", "share_limit", "areas", "first", "last", "start", "end", "observed", "expected",
    "relative_risk", "llr", "p_value", "p_dispersed", "p_class",
)  # fmt: skip


def cluster_layer(clusters: ScanResults, language: Language) -> Layer:
    """Return the clusters of a scan, the likeliest on top."""
    # The last feature is drawn last, over the others.
    table = clusters.clusters.sort_values(["share_limit", "rank"], ascending=[True, False])
    table = table.reset_index(drop=True)
    level: Level = "municipality" if (table["center"].str.len() == 5).any() else "state"
    areas = area_shapes(level).set_index(CODE).geometry
    members = clusters.areas.groupby(["share_limit", "rank"])[CODE]
    shapes = np.empty(len(table), dtype=object)
    for at, row in enumerate(table.itertuples()):
        codes = members.get_group((row.share_limit, row.rank))
        shapes[at] = shapely.union_all(areas.loc[codes].to_numpy())
    first = table["first"].map(lambda label: periods.bounds(label)[0])
    after = table["last"].map(lambda label: periods.bounds(label)[1])
    rows = table.assign(
        start=pd.to_datetime(first),
        end=pd.to_datetime(after) - pd.Timedelta(seconds=1),
        p_class=p_classes(table),
    )
    return Layer(
        name="clusters",
        title=word(language, "layer.clusters"),
        abstract=word(language, "abstract.clusters"),
        shape="area",
        fields=fields(_NAMES, language),
        rows=rows[list(_NAMES)],
        shapes=mended(shapes),
        styles=(
            Style(word(language, "style.clusters"), _by_chance(language)),
            Style(word(language, "style.risk"), _by_risk()),
        ),
        labels=Labels('"rank"', 8, 0, bold=True),
        temporal=Temporal("start", "end"),
        display="'" + word(language, "layer.clusters").replace("'", "''") + ' \' || "rank"',
    )


def p_classes(table: pd.DataFrame) -> list[str]:
    """Return the class of each p: that of overdispersed counts where it is known.

    Examples
    --------
    >>> nan = float("nan")
    >>> p_classes(pd.DataFrame({"p_value": [0.001, 0.001, nan], "p_dispersed": [0.03, nan, nan]}))
    ['p05', 'p01', 'not_tested']
    """
    p = table["p_dispersed"].fillna(table["p_value"]).to_numpy(dtype=np.float64, na_value=np.nan)
    tests = [np.isnan(p), p <= 0.01, p <= 0.05]
    return [str(one) for one in np.select(tests, ["not_tested", "p01", "p05"], default="chance")]


def _by_chance(language: Language) -> Element:
    shown = (
        ("p01", "class.p01", palette.HOTSPOT[3]),
        ("p05", "class.p05", palette.HOTSPOT[2]),
        ("chance", "class.chance", "#8a949d"),
        ("not_tested", "class.noTest", "#c3ccd3"),
    )
    rules = [
        (
            f"{column('p_class')} = '{value}'",
            word(language, name),
            symbols.outlined(str(at), color),
        )
        for at, (value, name, color) in enumerate(shown)
    ]
    return by_rules("p_class", rules)


def _by_risk() -> Element:
    bounds = (1.0, 1.5, 2.0, 4.0, 8.0)
    colors = palette.sequential(len(bounds))
    risk = column("relative_risk")
    rules = []
    for at, (low, color) in enumerate(zip(bounds, colors, strict=True)):
        high = bounds[at + 1] if at + 1 < len(bounds) else None
        above = f"{risk} > {low!r}" if at else "TRUE"
        test = f"{above} AND {risk} <= {high!r}" if high else f"{risk} > {low!r} OR {risk} IS NULL"
        name = f"> {low:g}–{high:g}" if high else f"> {low:g}"
        rules.append((test, name, symbols.outlined(str(at), color)))
    return by_rules("relative_risk", rules)
