"""A study of what a query finds: its words, its days and its account travel with it."""

from __future__ import annotations

import functools
import warnings

import pandas as pd
import pytest

import geo
from geo.errors import GeoWarning, PeriodError, SettingsError
from geo.export.findings import findings_text
from geo.render.page import plain_caption
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

    for language, words in (("en", every.words("en")), ("es", every.words("es"))):
        text = " ".join(findings_text(found, language).replace("\u00a0", " ").split())
        assert words in text


def test_a_map_takes_a_query_as_it_takes_results():
    assert geo.EventMap(asked()).html() == geo.EventMap(results()).html()


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
