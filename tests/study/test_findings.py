from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from geo import schema
from geo.export.findings import findings_json, findings_text
from geo.sample import make_sample
from geo.study import phrases, run_study
from geo.study.findings.finding import Finding, findings_table
from geo.study.findings.words import SPANISH, part_named, worded
from geo.study.methods import methods_text
from tests import studies

CAUSE = re.compile(
    r"\bcaus(?:ed|ing)\b|because of|due to|\bled to|caus[óa]\b|provoc|debido a|a causa de", re.I
)
SAID_OF_CAUSES = (
    "they do not say what caused the change",
    "Nothing here says what caused what.",
    "Nada de esto dice qué causó qué.",
)


@pytest.fixture(scope="module")
def findings():
    return {one.finding: one for one in studies.sample().findings}


def test_story_of_the_sample_is_found_with_its_numbers(findings):
    change, claim = findings["change"], findings["claim"]

    assert change.estimate == pytest.approx(2.4818, abs=1e-4)
    assert change.low < 2.5 < change.high
    assert (claim.verdict, change.verdict, change.n) == ("inside", "higher", 840)
    assert findings["break"].verdict == "2024-09"
    assert findings["civilian targeting"].verdict == "disproportionate"
    assert findings["parts by event_type"].verdict == "Violence against civilians"
    assert findings["against all others"].verdict == "higher than expected"
    # 433 of the 440 events of 114 days, against 240 of 365 days.
    assert findings["change since the event"].estimate == pytest.approx(5.75, abs=0.01)


def test_few_events_of_no_municipality_are_told_in_words_not_in_nan_or_inf():
    rows = make_sample()
    few = rows[rows["geo_precision"] == "3"]

    found = run_study(few, base="2023", comparison="2024", focus="Sinaloa", permutations=99)

    said = "\n".join(one.sentence[language] for one in found.findings for language in ("en", "es"))
    assert not re.findall(r".*\b(?:nan|inf)\b.*", said)
    assert "+200 points (95 % interval +50 or more), 0 to 8 events" in said
    assert "no ratio of its growth to that of the other events" in said
    assert "2024-12-28: EB Moran's I not defined" in said


def test_planted_drivers_stand_in_the_planted_order():
    table = studies.sample().tables["explained_actor_class"]

    assert table["category"].tolist()[:3] == [
        "against civilians", "group against group", "security forces against group"
    ]  # fmt: skip
    assert table["contribution"].sum() == pytest.approx(2.481846746645119 - 1)


def test_every_finding_has_number_method_n_filter_and_a_sentence_in_both_languages(findings):
    for one in findings.values():
        assert one.method
        assert one.filter == "all events"
        assert one.table in {*studies.sample().tables}, one.table
        assert len(one.sentence["en"]) > 20
        assert len(one.sentence["es"]) > 20
        assert one.sentence["en"] != one.sentence["es"], one.finding
        assert not math.isnan(one.estimate), one.finding


def test_no_sentence_says_what_caused_what(findings):
    texts = [text for one in findings.values() for text in one.sentence.values()]
    texts += [methods_text(studies.sample(), language) for language in ("en", "es")]
    for said in texts:
        text = said
        for allowed in SAID_OF_CAUSES:
            text = text.replace(allowed, "")
        assert not CAUSE.search(text), text


def test_sentences_leave_no_field_open_and_no_missing_number(findings):
    for one in findings.values():
        for text in one.sentence.values():
            assert not re.search(r"[{}]|\bnan\b|\binf\b|None|<NA>", text), text


def test_flips_are_told_first():
    subjects = [one.subject for one in studies.sample().findings]

    assert subjects[0] == "sensitivity"
    flips = [subject == "sensitivity" for subject in subjects]
    assert flips == sorted(flips, reverse=True)


def test_table_of_findings_keeps_its_contract(findings):
    table = findings_table(studies.sample().findings)

    schema.FINDINGS.check(table)
    assert table["finding"].tolist() == list(findings)


def test_json_holds_every_finding_and_no_number_that_json_does_not_know():
    read = json.loads(findings_json(studies.sample()), parse_constant=pytest.fail)

    assert read["made_up"] is True
    assert (read["base"], read["comparison"], read["claim"]) == ("2023", "2024", 2.5)
    assert read["seed"] == 20240909
    assert [one["finding"] for one in read["findings"]] == [
        one.finding for one in studies.sample().findings
    ]
    assert read["not_done"] == []
    assert "20240909" in read["methods"]["es"]


def test_infinite_limit_is_null_and_said():
    one = Finding(
        finding="x", subject="change", estimate=math.inf, low=2.0, high=math.inf, unit="times",
        method="m", n=1, filter="all events", table="t", sentence={"en": "a", "es": "b"},
    )  # fmt: skip

    public = one.public()
    assert (public["estimate"], public["low"], public["high"]) == (None, 2.0, None)
    assert public["unbounded"] is True


@pytest.mark.parametrize(
    ("change", "message"),
    [({"sentence": {"en": "a"}}, "en and es"), ({"subject": "x"}, "is not one of")],
)
def test_finding_without_a_language_or_with_an_unknown_subject_is_refused(change, message):
    whole = {
        "finding": "x", "subject": "change", "unit": "times", "method": "m", "n": 1,
        "filter": "all", "table": "t", "sentence": {"en": "a", "es": "b"},
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        Finding(**{**whole, **change})


def test_page_has_every_sentence_warning_and_credit_in_its_language():
    results = studies.sample()
    for language in ("en", "es"):
        text = " ".join(findings_text(results, language).split())
        for one in results.findings:
            assert " ".join(one.sentence[language].split()) in text
        for credit in results.credit_lines(language):
            assert credit in text
    assert "MADE-UP DATA" in findings_text(results, "en")
    assert "DATOS INVENTADOS" in findings_text(results, "es")


def test_words_of_verdicts_are_translated():
    verdicts = {one.verdict for one in studies.sample().findings if one.subject == "change"}

    assert all(worded(verdict, "es") in SPANISH.values() for verdict in verdicts if verdict)


def test_study_without_windows_has_no_findings():
    results = run_study("sample", permutations=0)

    assert results.findings == ()
    assert "findings" not in results.tables


def test_part_that_cannot_be_done_is_left_out_with_the_reason():
    # Two weeks against two weeks: no month is whole, so nothing is compared with elsewhere.
    results = run_study(
        "sample", base="2024-09-01/2024-09-14", comparison="2024-10-01/2024-10-14",
        focus="Sinaloa", permutations=0,
    )  # fmt: skip

    assert "no complete month lies wholly in the window" in results.not_done["elsewhere"]
    assert "elsewhere" not in results.tables
    assert "Not done" in findings_text(results, "en")
    spanish = " ".join(findings_text(results, "es").split())
    assert "ningún mes completo está por entero en la ventana" in spanish
    assert "no complete month" not in spanish
    assert any(one.finding == "change" for one in results.findings)


def test_country_without_a_focus_has_parts_and_places_and_no_series():
    results = run_study("sample", base=2023, comparison=2024, permutations=0)

    found = {one.finding for one in results.findings}
    assert {"changed areas", "parts by event_type", "hotspots"} <= found
    assert "break" not in found
    assert "explained_municipality" not in results.tables


NAMED = re.compile(r"attempt\(\s*\"(\w+)\"|not_done\[\"(\w+)\"\]")


def test_every_part_that_may_be_left_out_has_a_spanish_name():
    files = sorted(Path(phrases.__file__).parent.parent.glob("*.py"))
    found = {a or b for file in files for a, b in NAMED.findall(file.read_text(encoding="utf-8"))}

    assert {"ring", "synthetic", "density", "hotspots"} <= found
    assert {name for name in found - {"sum"} if part_named(name, "es") == name} == set()
    assert part_named("parts by event_type,dyad", "es").startswith("partes por tipo de evento y ")
    assert part_named("parts by dyad", "en") == "parts by dyad"
