"""A study of what a query finds: its words, its days and its account travel with it."""

from __future__ import annotations

import functools
import warnings

import numpy as np
import pandas as pd
import pytest

import geo
from geo.errors import GeoWarning, OutputError, PeriodError, SettingsError
from geo.export.findings import findings_text
from geo.export.qgis.content import content_of
from geo.render.chosen import first_choice, measures_of
from geo.render.config import words_of
from geo.render.describe import describe
from geo.render.page import SCRIPTS, parts, plain_caption
from geo.render.timed import timed_breaks
from geo.render.words import words
from geo.study.asked import PARTIAL
from geo.study.methods import methods_text
from geo.study.settings import Study

ENGLISH = "events in Sinaloa, in 2024, with at least 1 death"
SPANISH = "eventos en Sinaloa, en 2024, con al menos 1 muerte"


@functools.cache
def events():
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        return geo.read_events_with_ledger(geo.write_sample(Path(folder) / "e.csv")).events


def asked():
    return geo.query(events()).within("Sinaloa").in_period(2024).with_fatalities()


@functools.cache
def results():
    with warnings.catch_warnings():
        warnings.simplefilter("error", GeoWarning)  # they go with the results
        return geo.run_study(asked())


def test_a_study_counts_what_the_query_finds_and_accounts_for_the_rest():
    found = results()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        number = asked().count()

    assert len(found.located) == number
    assert found.ledger.physical == len(events())
    reasons = found.ledger.reasons().groupby("reason")["records"].sum()
    assert reasons.sum() + number == len(events())
    assert found.tables["measures_state"]["events"].sum() == number


def test_what_the_query_cannot_judge_is_set_aside_as_such_and_warned_of():
    from geo.study.locating import locate_events

    strip = geo.query(events()).near("US border", km=50)
    found = locate_events(strip)
    reasons = found.ledger.reasons().set_index("reason")["records"]

    assert reasons["doubtful"] == strip.left_out > 0
    assert any("may belong to what the query asks for" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("ask", "partial"),
    [
        (lambda q: q.within("Sinaloa"), True),
        (lambda q: q.near("US border", km=50), True),
        (lambda q: q.of_type("Battles"), False),
    ],
)
def test_a_study_of_a_part_of_the_country_says_what_its_rates_mean_elsewhere(ask, partial):
    from geo.study.locating import locate_events

    found = locate_events(ask(geo.query(events())))

    assert any("a part of the country" in one for one in found.warnings) is partial


@functools.cache
def strip():
    query = geo.query(events()).near("US border", km=50)
    return geo.run_study(query, base=2023, comparison=2024, permutations=99)


@functools.cache
def country():
    return geo.run_study(events(), permutations=99)


LEVELS = ("state", "municipality")
RATES = ("population", "exposure", "crude_rate", "rate_low", "rate_high", "ratio", "eb_rate")


@pytest.mark.parametrize("level", LEVELS)
def test_no_area_has_a_rate_where_a_distance_cuts_them(level):
    found = strip()
    table = found.tables[f"measures_{level}"]

    assert table["events"].sum() > 0
    assert table[list(RATES)].isna().all(axis=None)
    assert not table["reliable"].any()
    atlas = found.atlas.levels[level]
    assert np.isnan(found.atlas.window_rates(level, 12).smoothed).all()  # Oaxaca, too
    assert np.isnan(atlas.population).all()
    assert all(np.isnan(mean).all() for mean in atlas.prior_mean.values())


def test_the_map_of_a_strip_opens_on_counts_and_offers_no_rate():
    data = describe(strip())

    for level in LEVELS:
        keys = measures_of(data, level)
        assert set(keys) <= {"count", "share"}
        assert first_choice(data, level, None) == (level, "count")
        assert set(timed_breaks(data.timed, level)) == {"count"}
        assert data.timed.change == {}
    assert not data.timed.has_hotspots("municipality")
    assert not data.timed.has_outliers("municipality")
    assert len(geo.EventMap(strip()).html()) > 100_000


def test_a_study_of_a_strip_says_what_is_left_out_and_why():
    why = strip().not_done

    assert {"hotspots", "change_state", "change_municipality", "findings"} <= set(why)
    assert "0 municipalities" in why["hotspots"]
    assert "change_state" not in strip().tables


def test_whole_areas_keep_the_rates_that_they_have_among_all():
    query = geo.query(events()).within("Sinaloa")
    part, whole = geo.run_study(query), country()
    for level in LEVELS:
        keys = ["cvegeo", "period"]
        mine, all_ = (one.tables[f"measures_{level}"].set_index(keys) for one in (part, whole))
        inside = mine.index.get_level_values("cvegeo").str[:2] == "25"
        columns = ["events", "population", "crude_rate", "rate_low", "rate_high"]
        pd.testing.assert_frame_equal(
            mine.loc[inside, columns], all_.loc[mine.index[inside], columns]
        )
        assert mine.loc[~inside, list(RATES)].isna().all(axis=None)

    # What is smoothed tends to the rate of Sinaloa, not to one with all people of the country.
    towns = part.tables["measures_municipality"].query("period == '2024'").dropna(subset="exposure")
    overall = 1e5 * towns["events"].sum() / towns["exposure"].sum()
    between = towns["eb_rate"].between(
        np.minimum(towns["crude_rate"], overall) - 1e-9,
        np.maximum(towns["crude_rate"], overall) + 1e-9,
    )
    assert len(towns) == 18
    assert between.all()


def test_few_whole_areas_are_not_tested_for_hotspots():
    found = geo.run_study(geo.query(events()).within("Sinaloa"), permutations=99)

    assert found.tables["hotspots_municipality"]["gi_bin"].isna().all()
    assert found.tables["outliers_municipality"]["is_outlier"].isna().all()
    assert "18 municipalities" in found.not_done["hotspots"]
    assert not describe(found).timed.has_hotspots("municipality")


def test_many_whole_areas_are_tested_among_themselves_alone():
    query = geo.query(events())
    found = geo.run_study(query - query.within("Sinaloa"), permutations=99)
    for bins in (
        found.tables["hotspots_municipality"].set_index("cvegeo")["gi_bin"].notna(),
        pd.Series(
            np.isfinite(found.atlas.levels["municipality"].gi_bin).any(axis=1),
            index=list(found.atlas.levels["municipality"].codes),
        ),
    ):
        assert bins[bins.index.str[:2] != "25"].any()
        assert not bins[bins.index.str[:2] == "25"].any()


def test_the_area_in_focus_is_held_against_no_area_that_was_not_asked():
    query = geo.query(events()).within("Sinaloa")
    found = geo.run_study(query, base=2023, comparison=2024, focus="Sinaloa", permutations=99)

    assert {"elsewhere", "synthetic", "place"} <= set(found.not_done)
    assert not {"elsewhere", "ring", "synthetic", "hotspots_windows", "concentration"} & set(
        found.tables
    )
    change = found.tables["change_state"].set_index("cvegeo")["rate_ratio"]
    assert change.dropna().index.tolist() == ["25"]
    assert not any("no population is known" in one for one in found.warnings)


def test_a_map_of_a_part_says_so_in_both_languages():
    data = describe(strip())
    for language, not_asked, rate in (
        ("en", "not zero", "Areas asked for"),
        ("es", "No significa cero", "Áreas consultadas"),
    ):
        said = words_of(data, language, words(language))
        assert not_asked in said["reach.outsideNote"]
        assert said["fact.overall"].startswith(rate)
        assert PARTIAL[language] in [text[language] for text in data.method]
    assert words_of(describe(country()), "en", words("en")) == words("en")
    assert "reach.js" in parts(SCRIPTS, geo.EventMap(strip())._features())
    assert "reach.js" not in parts(SCRIPTS, geo.EventMap(country())._features())


def test_a_folder_for_qgis_of_a_strip_has_counts_and_no_style_of_rates():
    content = content_of(strip(), "strip", language="en", points="none")
    layers = {layer.name: layer for layer in content.layers}

    assert not {"hotspots", "change_state", "change_municipality"} & set(layers)
    assert [style.name for style in layers["municipalities"].styles] == ["Events"]
    assert not any("ate by" in theme.title for theme in content.themes)


def test_no_period_outside_the_query_is_counted_as_zero():
    assert set(results().tables["measures_state"]["period"]) == {"2024"}


def test_words_of_the_query_are_in_title_caption_methods_and_manifest():
    found = results()
    page = geo.EventMap(found)

    assert found.title["es"].endswith(SPANISH.replace("eventos", "Eventos", 1))
    assert ENGLISH in plain_caption(page.data, "en")
    assert SPANISH in plain_caption(page.data, "es")
    assert "since" not in plain_caption(page.data, "en").split("Filters")[1].split(".")[0]
    assert ENGLISH in methods_text(found, "en")
    assert SPANISH in methods_text(found, "es")
    said = found.manifest["settings"]["filters"]["query"]
    assert said == {"en": ENGLISH, "es": SPANISH, "left_out": asked().left_out}


def test_words_of_the_query_are_in_the_findings():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        every = geo.query(events()).within("Sinaloa").of_type("Battles")
        found = geo.run_study(every, base=2023, comparison=2024, permutations=99)

    for language, asked in (("en", every.words("en")), ("es", every.words("es"))):
        text = " ".join(findings_text(found, language).replace("\u00a0", " ").split())
        assert asked in text
    assert found.title == {
        "en": "MADE-UP DATA - Mexico: 2024 against 2023 (events in Sinaloa, of type Battles)",
        "es": "DATOS INVENTADOS - México: 2024 frente a 2023 (eventos en Sinaloa, de tipo "
        "Enfrentamientos)",
    }


def test_a_map_takes_a_query_as_it_takes_results():
    assert geo.EventMap(asked()).html() == geo.EventMap(results()).html()


def test_a_folder_for_qgis_takes_a_query_as_it_takes_results(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        study = geo.run_study(asked(), lang="es")

    folders = [
        geo.write_qgis(given, tmp_path / name, lang="es")
        for name, given in (("query", asked()), ("study", study))
    ]

    one, other = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert one == other
    assert "eventos-en-sinaloa-en-2024-con-al-menos-1-muerte.qgz" in one
    (tmp_path / "taken.txt").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):  # before the study
        geo.write_qgis(geo.query(events()).since("2024-09-10"), tmp_path / "taken.txt")


@pytest.mark.parametrize(
    ("since", "kind"),
    [("2023-01-01", "year"), ("2023-04-01", "quarter"), ("2023-05-01", "month"),
     ("2024-09-09", "week"), ("2024-09-07", "acled-week")],
)  # fmt: skip
def test_the_longest_period_that_begins_with_the_query_is_counted_by(since, kind):
    from geo.study.locating import locate_events

    assert locate_events(geo.query(events()).since(since)).settings.period == kind


def test_a_query_that_begins_amid_every_period_is_refused_with_the_cure():
    with pytest.raises(PeriodError, match="on a Monday or a Saturday"):
        geo.run_study(geo.query(events()).since("2024-09-10"))


def test_filters_of_the_study_narrow_the_query():
    from geo.study.locating import locate_events

    found = locate_events(
        asked(), filters={"since": "2024-07-01", "fatal_only": True}, period="quarter"
    )

    assert found.located["event_date"].min() >= pd.Timestamp("2024-07-01")
    assert found.settings.filters["since"] == "2024-07-01"


def test_a_query_in_a_file_of_settings_is_no_filter():
    with pytest.raises(SettingsError, match=r"filters\.query"):
        Study.of({"events": "a.csv", "filters": {"query": "all of them"}})
