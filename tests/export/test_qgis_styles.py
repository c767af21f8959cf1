from __future__ import annotations

import contextlib
import sqlite3

import numpy as np
import pytest

from geo.export.qgis.renderers import Classes, renderer_of
from geo.export.qgis.surface import stops
from geo.export.qgis.through_time import of_atlas, period_breaks
from geo.render.choosing import choose
from geo.render.describe import describe
from geo.render.timed import ALL, Timed, timed_breaks
from geo.sources import boundaries
from geo.stats.breaks import ClassBreaks
from tests.export.qgis_folders import database, rich, styles, written


def drawn(base, layer, renderer):
    """Count the features of each class as QGIS does, written anew: first range, equal text, rule.

    Rules are SQL, too, so the database itself is asked.
    """
    kind = renderer.get("type")
    if kind == "graduatedSymbol":
        values = [v for (v,) in base.execute(f"SELECT {renderer.get('attr')} FROM {layer}")]
        ranges = [
            (one.get("label"), float(one.get("lower")), float(one.get("upper")))
            for one in renderer.iter("range")
        ]
        found = dict.fromkeys((label for label, _, _ in ranges), 0)
        for value in values:
            found[next(name for name, low, high in ranges if low <= value <= high)] += 1
        return found
    if kind == "categorizedSymbol":
        counts = dict(
            base.execute(
                f"SELECT {renderer.get('attr')}, count(*) FROM {layer}"
                f" GROUP BY {renderer.get('attr')}"
            )
        )
        found = {
            one.get("label"): counts.pop(one.get("value"), 0) for one in renderer.iter("category")
        }
        assert not counts, "no feature is without a symbol"
        return found
    assert kind == "RuleRenderer"
    return {
        rule.get("label"): base.execute(
            f"SELECT count(*) FROM {layer} WHERE {rule.get('filter')}"
        ).fetchone()[0]
        for rule in renderer.find("rules")
    }


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("layer", "level", "measure"),
    [
        ("municipalities", "municipality", "count"),
        ("municipalities", "municipality", "rate"),
        ("municipalities", "municipality", "smoothed"),
        ("states", "state", "count"),
        ("states", "state", "rate"),
        ("states", "state", "smoothed"),
        ("hotspots", "municipality", "hotspots"),
        ("change_municipality", "municipality", "change"),
        ("change_state", "state", "change"),
    ],
)
def test_classes_colors_and_counts_are_those_of_the_legend_of_the_map(lang, layer, level, measure):
    codes = boundaries.area_codes(level)["cvegeo"].tolist()
    chosen = choose(describe(rich()), level, measure, lang, codes)
    with contextlib.closing(database(written(lang))) as base:
        root = styles(base)[layer, chosen.title]
        renderer = root.find("renderer-v2")
        found = drawn(base, layer, renderer)

    expected = dict(zip(chosen.names, chosen.counts, strict=True))
    expected[chosen.missing] = chosen.no_data
    few = "Of these: few events" if lang == "en" else "De estas: pocos eventos"
    if chosen.marks_few:
        expected[few] = len(chosen.few)
        assert expected[few] > 0
    assert found == expected
    symbols = {one.get("name"): one for one in renderer.find("symbols")}
    for at, color in enumerate(chosen.colors):
        red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
        fill = symbols[str(at)].find("layer/prop[@k='color']").get("v")
        assert fill == f"{red},{green},{blue},255"


@pytest.mark.parametrize("level", ["state", "municipality"])
def test_classes_over_months_are_those_of_the_map_over_months(level):
    atlas = rich().atlas
    page = timed_breaks(Timed(atlas=atlas, change={}), level)

    assert period_breaks(of_atlas(atlas, level)) == {
        key: page[key][1][ALL] for key in ("smoothed", "rate", "count")
    }


@pytest.mark.parametrize("few", [None, ("few", "few_events")])
def test_value_on_a_bound_belongs_to_the_lower_class(few):
    breaks = ClassBreaks(bounds=(0.0, 0.1 + 0.2, 2.0), zero_class=True)
    classes = Classes(
        title="t",
        field="x",
        breaks=breaks,
        colors=("#111111", "#222222", "#333333"),
        names=("zero", "low", "high"),
        missing="none",
        few=few,
    )
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE t (x REAL, few_events INTEGER)")
        values = [(0.0, 0), (5e-324, 0), (0.30000000000000004, 1), (0.3000000000000001, 0)]
        base.executemany("INSERT INTO t VALUES (?, ?)", [*values, (2.0, 0), (None, 0)])
        found = drawn(base, "t", renderer_of(classes))

    found.pop("few", None)
    assert found == {"zero": 1, "low": 2, "high": 2, "none": 1}


def test_study_without_any_value_draws_everything_as_no_data():
    classes = Classes(
        title="t", field="x", breaks=ClassBreaks(bounds=()), colors=(), names=(), missing="none"
    )
    renderer = renderer_of(classes)

    assert [one.get("label") for one in renderer.iter("range")] == ["none"]


def test_surface_is_clear_at_nothing_and_strongest_at_its_most():
    surface = rich().surface
    made = stops(surface)
    values = [value for value, _, _ in made]

    assert values == sorted(set(values))
    assert made[0][0] == 0
    assert made[0][2] == 0
    assert made[-1][0] >= np.nanmax(surface.values)
    assert made[-1][2] == 255
