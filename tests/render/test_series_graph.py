import dataclasses
import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from geo.errors import OutputError, SettingsError
from geo.render.palette import CATEGORIES, lightness
from geo.render.series_graph import draw_series
from geo.render.series_panels import TARGETED
from geo.study.graphing import series_of
from geo.study.labels import label
from tests import studies
from tests.render.test_picture import HOSTILE, shares, texts


@pytest.fixture(scope="module")
def results():
    return studies.sample()


def changed(results, **changes):
    """Results whose atlas of states is changed."""
    state = dataclasses.replace(results.atlas.levels["state"], **changes)
    levels = {**results.atlas.levels, "state": state}
    return dataclasses.replace(results, atlas=dataclasses.replace(results.atlas, levels=levels))


@pytest.mark.parametrize("by", ["event_type", "actor_class"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_graph_says_windows_dates_break_sentence_totals_and_caption(by, lang, results, tmp_path):
    said = texts(draw_series(results, tmp_path / "a.svg", by=by, lang=lang))

    series = series_of(results, by)
    whole = " ".join(said)
    wanted = {
        "en": ["Sinaloa: events by month", "Base: 2023", "Comparison: 2024",
               "Day of the event, Sep 9, 2024", "“Before” ends, Jul 25, 2024",
               "Break found, Sep 2024", "240 events in 2023, 600 in 2024", "2.48 times",
               "Source: Made-up sample", "Filters: none", "Of these, targeting civilians"],
        "es": ["Sinaloa: eventos por mes", "Comparación: 2024", "Día del evento, 9 sep 2024",
               "Quiebre encontrado, sep 2024", "240 eventos en 2023, 600 en 2024",
               "Fuente: Muestra inventada", "dirigidos a civiles"],
    }[lang]  # fmt: skip
    assert [one for one in wanted if one not in whole] == []
    for name, total in zip(series.names, series.counts.sum(axis=0), strict=True):
        assert f"{label(name, lang)} {total:,}" in [" ".join(one.split()) for one in said]
    assert whole.count("Made-up data." if lang == "en" else "Datos inventados.") == 2


def test_colors_of_the_categories_are_on_the_picture(results, tmp_path):
    path = draw_series(results, tmp_path / "a.png")

    for color in CATEGORIES[: len(series_of(results).names)]:
        assert shares(path, color) > 0.00015, color
    assert shares(path, TARGETED) > 0.002


def test_gray_print_tells_neighbors_in_a_bar_apart():
    assert (np.diff([lightness(color) for color in CATEGORIES]) > 5).all()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_same_results_give_same_bytes(ending, results, tmp_path):
    first = draw_series(results, tmp_path / f"a.{ending}").read_bytes()

    assert draw_series(results, tmp_path / f"b.{ending}").read_bytes() == first


def test_months_that_are_not_covered_are_hollow_and_the_graph_says_so(results, tmp_path):
    complete = results.atlas.complete.copy()
    complete[-2:] = False
    atlas = dataclasses.replace(results.atlas, complete=complete)
    hollow = dataclasses.replace(results, atlas=atlas)

    before = draw_series(results, tmp_path / "a.png")
    after = draw_series(hollow, tmp_path / "b.png")

    assert shares(after, CATEGORIES[0]) < 0.75 * shares(before, CATEGORIES[0])
    said = " ".join(texts(draw_series(hollow, tmp_path / "b.svg")))
    assert said.count("Hollow: the data do not cover the whole month") == 2
    assert "Hollow" not in " ".join(texts(draw_series(results, tmp_path / "a.svg")))


def test_without_any_event_the_graph_says_that_there_is_none(results, tmp_path):
    state = results.atlas.levels["state"]
    none = {by: ((), counts[:, :, :0]) for by, (_, counts) in state.splits.items()}
    zero = np.zeros_like(state.events)
    empty = changed(results, splits=none, events=zero, targeted=zero, stated=zero)

    said = " ".join(texts(draw_series(empty, tmp_path / "a.svg")))

    assert "No events in these months" in said
    assert "0 events, by the month" in said
    assert "targeting" not in said


def test_without_windows_dates_and_focus_it_is_the_country(results, tmp_path):
    settings = dataclasses.replace(
        results.settings, base=None, comparison=None, event_date=None, transition_from=None,
        claim=None, focus=None,
    )  # fmt: skip
    bare = dataclasses.replace(results, settings=settings, focus=None, findings=())

    said = " ".join(texts(draw_series(bare, tmp_path / "a.svg")))

    assert "Mexico: events by month" in said
    assert not any(word in said for word in ("Base:", "Comparison:", "Break", "Day of"))


@pytest.mark.parametrize("months", [1, 2, 13])
def test_a_short_series_is_drawn(months, results, tmp_path):
    atlas = results.atlas
    state = atlas.levels["state"]
    cut = dataclasses.replace(
        state, events=state.events[:, :months], targeted=state.targeted[:, :months],
        stated=state.stated[:, :months],
        splits={by: (n, counts[:, :months]) for by, (n, counts) in state.splits.items()},
    )  # fmt: skip
    short = dataclasses.replace(
        atlas, months=atlas.months[:months], complete=atlas.complete[:months],
        levels={**atlas.levels, "state": cut}, base=None, comparison=None,
    )  # fmt: skip
    series = dataclasses.replace(results, atlas=short)

    path = draw_series(series, tmp_path / "a.svg", size=(6, 5))

    said = " ".join(texts(path))
    assert "Comparison:" not in said
    assert "Day of the event" not in said


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:18]) for text in HOSTILE])
def test_hostile_names_are_shown_as_text(text, results, tmp_path):
    state = results.atlas.levels["state"]
    names, counts = state.splits["event_type"]
    split = {**state.splits, "event_type": ((text, *names[1:]), counts)}
    facts = dataclasses.replace(results.facts, source=text)
    sentence = {"en": text, "es": text}
    findings = tuple(dataclasses.replace(one, sentence=sentence) for one in results.findings)
    hostile = dataclasses.replace(changed(results, splits=split), facts=facts, findings=findings)

    for ending in ("svg", "png", "pdf"):
        path = draw_series(hostile, tmp_path / f"a.{ending}")
        if ending == "png":
            Image.open(io.BytesIO(path.read_bytes())).verify()
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert not {"script", "a", "image"} & {node.tag.split("}")[1] for node in root.iter()}
    plain = " ".join(text.split())
    if 0 < len(plain) < 40 and plain.isascii() and plain.isprintable():
        assert plain in " ".join(texts(tmp_path / "a.svg"))


def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(results, tmp_path):
    with pytest.raises(OutputError, match="must end in"):
        draw_series(results, tmp_path / "a.html")
    with pytest.raises(SettingsError, match="event_type or actor_class"):
        draw_series(results, tmp_path / "a.png", by="color")
    with pytest.raises(SettingsError, match="inches"):
        draw_series(results, tmp_path / "a.png", size=(900, 1))
    assert not list(tmp_path.iterdir())
