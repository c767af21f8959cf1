"""What scans and surfaces say, as sentences with n, method, unit and seed.

None says what caused what.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from geo import crs
from geo.sources import boundaries
from geo.steps.canvas import PLACE_KNOWN_TO
from geo.steps.scan import OVERDISPERSED, ScanResults
from geo.steps.surface import Surface
from geo.study.phrases import surfaces as words
from geo.study.settings import Language
from geo.study.titles import area_name

_SHOWN = 3
_LEVEL = 0.05


def scan_sentence(found: ScanResults, *, language: Language = "en") -> str:
    """Return the likeliest clusters of a scan, for each share of the population.

    Examples
    --------
    >>> from geo import schema
    >>> from geo.steps.scan import find_clusters
    >>> scan_sentence(find_clusters(schema.MEASURES.empty()), language="es")
    'nada que barrer'
    """
    if not found.scanned:
        return words.NOTHING_TO_SCAN.say(language)
    shares = [_of_share(rows, found, language) for _, rows in _by_share(found.clusters)]
    drawn = words.DRAWN if found.replicates else words.NOT_DRAWN
    made = found.clusters["replicates"]
    return words.SCAN.say(
        language,
        first=found.first,
        last=found.last,
        periods=found.periods,
        areas=found.scanned,
        events=found.events,
        found="; ".join(shares) or words.NO_CLUSTER.say(language),
        scan=words.SCANS[found.over].say(language),
        model=words.MODELS[found.model].say(language),
        drawn=drawn.say(
            language,
            replicates=int(made.max()) if len(made) else found.replicates,
            seed=found.seed,
        ),
        spread=_spread(found, language),
    )


def _by_share(clusters: pd.DataFrame) -> list[tuple[float, pd.DataFrame]]:
    groups = clusters.groupby("share_limit", sort=False)
    return [(float(share), rows) for share, rows in groups]


def _of_share(rows: pd.DataFrame, found: ScanResults, language: Language) -> str:
    p = rows["p_value"] if math.isnan(found.dispersion) else rows["p_dispersed"]
    certain = rows[p <= _LEVEL]
    if p.isna().all():
        clusters = words.UNTESTED.say(language, shown=_shown(rows, language))
    elif certain.empty:
        clusters = words.NONE_CERTAIN.say(language, cluster=_cluster(rows.iloc[0], language))
    else:
        clusters = words.CERTAIN.say(
            language,
            number=len(certain),
            reported=len(rows),
            shown=_shown(certain, language),
        )
    return words.OF_SHARE.say(
        language,
        share=100 * rows["share_limit"].iloc[0],
        whole=words.WHOLES[found.model].say(language),
        clusters=clusters,
    )


def _shown(rows: pd.DataFrame, language: Language) -> str:
    return ", ".join(_cluster(row, language) for _, row in rows.head(_SHOWN).iterrows())


def _cluster(row: pd.Series, language: Language) -> str:
    risk = row["relative_risk"]
    said = words.ALL_INSIDE if math.isinf(risk) else words.RISK
    p = ""
    if not math.isnan(row["p_value"]):
        dispersed = row["p_dispersed"]
        phrase = words.P if math.isnan(dispersed) else words.P_DISPERSED
        p = phrase.say(language, p=_p(row["p_value"]), dispersed=_p(dispersed))
    return words.CLUSTER.say(
        language,
        areas=int(row["areas"]),
        name=area_name(row["center"]),
        first=row["first"],
        last=row["last"],
        observed=int(row["observed"]),
        expected=row["expected"],
        risk=said.say(language, risk=risk),
        llr=row["llr"],
        p=p,
    )


def _spread(found: ScanResults, language: Language) -> str:
    if not found.replicates or found.clusters.empty:
        return ""
    if found.dispersion > OVERDISPERSED:
        return words.SPREAD.say(language, dispersion=found.dispersion)
    return words.INDEPENDENT.say(language)


def _p(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def surface_sentence(surface: Surface, *, language: Language = "en") -> str:
    """Return where a surface is highest, how high, of how many events, and how it was made.

    Places are named by the municipality whose middle is nearest.

    Parameters
    ----------
    surface
        Of any kind.
    language
        ``"en"`` or ``"es"``.
    """
    out = _out(surface, language)
    method = _method(surface, language)
    common = {"window": surface.window, "events": surface.events, "method": method, "out": out}
    if np.isnan(surface.values).all():
        return words.NOWHERE.say(language, **common)
    most, where = _place(surface, np.nanargmax(surface.values))
    if surface.kind == "density":
        return words.DENSITY.say(language, most=most, where=where, **common)
    if surface.kind == "relative-risk":
        return words.RISKS.say(
            language, most=math.exp(most), where=where, people=surface.people, **common
        )
    least, low = _place(surface, np.nanargmin(surface.values))
    return words.CHANGE.say(
        language,
        most=math.exp(most),
        where=where,
        least=math.exp(least),
        low=low,
        base=surface.base,
        before=surface.base_events,
        **common,
    )


def _place(surface: Surface, at: np.intp) -> tuple[float, str]:
    """Return the value of a cell, and the municipality whose middle is nearest."""
    row, column = np.unravel_index(at, surface.values.shape)
    eastings, northings = surface.grid.centers()
    labels = boundaries.load_labels("municipality")
    east, north = crs.project(labels["lon"].to_numpy(), labels["lat"].to_numpy())
    away = np.hypot(east - eastings[column], north - northings[row])
    return float(surface.values[row, column]), area_name(labels["cvegeo"].iloc[int(away.argmin())])


def _method(surface: Surface, language: Language) -> str:
    chosen = surface.chosen
    if chosen is None:
        how = words.GIVEN.say(language)
    elif chosen.at_floor:
        how = words.AT_FLOOR.say(language, km=chosen.found_m / 1_000)
    else:
        how = words.CRITERION.say(language)
    width = words.WIDTH.say(
        language,
        kernel=words.KERNELS[surface.kernel].say(language),
        km=surface.bandwidth_m / 1_000,
        how=how,
        adaptive=words.ADAPTIVE.say(language) if surface.adaptive else "",
    )
    parts = [width, words.CELLS.say(language, km=surface.grid.cell_m / 1_000)]
    if surface.kind == "density":
        parts.insert(1, words.EDGE.say(language))
    return ", ".join(parts)


def _out(surface: Surface, language: Language) -> str:
    if not surface.left_out:
        return ""
    why = ", ".join(
        f"{words.WHY[reason.removeprefix(PLACE_KNOWN_TO)].say(language)} {number:,}"
        for reason, number in surface.left_out.items()
    )
    return words.OUT.say(language, left_out=sum(surface.left_out.values()), why=why)
