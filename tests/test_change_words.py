"""What the sentences of a change claim, and what they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.steps.explain import explain_change
from geo.study.change_words import ratio_sentence, split_sentence, targeting_sentence
from geo.study.titles import change_sentence
from geo.study.whole_words import (
    all_areas_sentence,
    arithmetic_sentence,
    explained_sentence,
    more_sentence,
)
from tests import toy
from tests.toy import LEFT

ROW = {
    "base_events": 10, "comparison_events": 25, "base_rate": 1.0, "comparison_rate": 2.5,
    "rate_ratio": 2.5, "ratio_low": 1.16, "ratio_high": 5.83, "quasi_low": 0.9,
    "quasi_high": 6.94, "dispersion": 1.9,
}  # fmt: skip


def sentence(**changed):
    row = pd.Series({**ROW, **changed}, dtype=object)
    return ratio_sentence(row, "Sinaloa", base="2023", comparison="2024")


def test_e6_without_an_event_in_the_base_no_ratio_is_said():
    said = sentence(base_events=0, rate_ratio=np.inf, ratio_low=0.92, ratio_high=np.inf)

    assert "no event in the base, so no ratio; at least 0.92 times" in said
    assert "%" not in said.split("(95 %)")[0]
    assert "inf" not in said


def test_e1_without_a_ratio_it_is_said_why():
    said = sentence(rate_ratio=np.nan)

    assert said.endswith("no ratio: no event in either window, or no population")


def test_no_change_is_never_minus_nothing():
    row = pd.Series({**ROW, "rate_ratio": 0.998}, dtype=object)

    assert "1.00 times (+0 %)" in sentence(rate_ratio=0.998)
    assert "1.00 times (+0 %;" in change_sentence(row, "Sinaloa", base="2023", comparison="2024")


@pytest.mark.parametrize(
    ("events", "english", "spanish"),
    [
        pytest.param(
            {"not targeted": 5},
            "no event of it in either window",
            "ningún evento en ninguna",
            id="none",
        ),
        pytest.param(
            {"not stated": 5}, "not known; no event", "no se sabe; ningún evento", id="unknown"
        ),
        pytest.param(
            {"not targeted": 2, "not stated": 5},
            "no event of it among the 4 that state their target; 10 do not",
            "ninguno entre los eventos que lo indican (4); sin indicarlo, 10",
            id="known of some",
        ),
    ],
)
def test_a_target_that_is_not_stated_is_not_told_as_no_attack_on_civilians(
    events, english, spanish
):
    table = pd.DataFrame(
        {
            "category": list(events),
            "base_events": events.values(),
            "comparison_events": events.values(),
        }
    )

    assert english in targeting_sentence(table)
    assert spanish in targeting_sentence(table, language="es")


def test_short_windows_say_that_their_interval_takes_events_as_independent():
    said = sentence(quasi_low=np.nan, quasi_high=np.nan, dispersion=np.nan)

    assert "1.16-5.83 (exact, for independent events; too few months or events" in said


@pytest.mark.parametrize(
    ("exact", "quasi", "where"),
    [
        (True, True, "inside both"),
        (False, True, "inside the first and outside the second"),
        (True, False, "outside the first and inside the second"),
        (False, False, "outside both"),
        (True, pd.NA, "inside it"),
        (False, pd.NA, "outside it"),
    ],
)
def test_claim_is_placed_in_each_interval_in_the_order_they_are_said(exact, quasi, where):
    claimed = {"claim": 2.0, "claim_inside": exact, "claim_inside_quasi": quasi}

    said = sentence(**claimed, claim_p=0.01, claim_quasi_p=0.0004)

    assert f"the claim of 2 times lies {where} (p against it" in said
    assert ("below 0.001 and 0.01" in said) is (quasi is not pd.NA)


def test_claim_of_an_area_without_an_interval_is_left_open():
    said = sentence(
        rate_ratio=np.inf, claim=2.0, claim_inside=pd.NA, claim_inside_quasi=pd.NA,
        claim_p=np.nan, claim_quasi_p=np.nan,
    )  # fmt: skip

    assert "nothing can be said of the claim of 2 times" in said


def split(*rows):
    located = toy.located(
        [
            {"code": LEFT, "event_date": day, "civilian_targeting": targeted}
            for targeted, day, number in rows
            for _ in range(number)
        ]
    )
    return explain_change(
        located, base="2023", comparison="2024", by="civilian_targeting", focus="25",
        population=toy.population({"25": 100_000}, [2023, 2024]), data_from="2023-01-01",
        data_through="2024-12-31", draws=99,
    )  # fmt: skip


MONTHS = [f"{month:02d}-15" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        pytest.param((2, 8), (12, 8), ": disproportionate", id="more than the rest"),
        pytest.param((5, 5), (6, 5), ": not shown to be disproportionate", id="about as the rest"),
        pytest.param((8, 2), (8, 12), ": it grew less than the rest", id="less than the rest"),
    ],
)
def test_targeting_is_disproportionate_only_if_the_interval_lies_above_one(before, after, verdict):
    rows = [
        (targeted, f"{year}-{day}", number)
        for year, numbers in ((2023, before), (2024, after))
        for day in MONTHS
        for targeted, number in zip((True, False), numbers, strict=True)
    ]

    said = targeting_sentence(split(*rows))

    assert said.endswith(verdict)


def test_growth_of_everything_alike_is_no_disproportion():
    rows = [(flag, f"{year}-{day}", n) for year, n in ((2023, 2), (2024, 9)) for day in MONTHS
            for flag in (True, False)]  # fmt: skip

    table = split(*rows)

    assert "grew" not in split_sentence(table, "civilian_targeting")
    assert targeting_sentence(table).endswith("not shown to be disproportionate")


def test_category_that_is_new_is_said_to_be_new():
    rows = [(False, f"2023-{day}", 5) for day in MONTHS]
    rows += [(flag, f"2024-{day}", 5) for day in MONTHS for flag in (True, False)]

    said = split_sentence(split(*rows), "civilian_targeting")

    assert "targeted, new with 60 events (at least" in said
    assert "inf" not in said


# --- in Spanish -------------------------------------------------------------------------------


def test_ratio_in_spanish_says_the_same_numbers():
    row = pd.Series(
        {
            **ROW, "base_events": 1, "comparison_events": 1_250, "claim": 2.5,
            "claim_inside": True, "claim_inside_quasi": False, "claim_p": 0.63,
            "claim_quasi_p": 0.0004, "aligned_events": 433, "aligned_ratio": 5.75,
            "aligned_low": 4.9, "aligned_high": 6.76, "same_days_events": 75,
            "same_days_ratio": np.nan, "same_days_low": np.nan, "same_days_high": np.nan,
            "rank": 1,
        },
        dtype=object,
    )  # fmt: skip

    said = ratio_sentence(
        row, "Sinaloa", base="2023", comparison="2024", event_date="2024-09-09", ranked=32,
        language="es",
    )  # fmt: skip

    assert said == (
        "Sinaloa: 1 evento en 2023, 1,250 en 2024; 1.00 y 2.50 por 100,000 personas-año: 2.50 "
        "veces (+150 %); intervalo de 95 % 0.90-6.94 (cuasi-Poisson, dispersión de los conteos "
        "mensuales 1.9) y 1.16-5.83 (exacto, para eventos independientes); la afirmación de 2.5 "
        "veces queda fuera del primer intervalo y dentro del segundo (p en su contra: menor que "
        "0.001 y 0.63); desde 2024-09-09, 433 eventos: 5.75 veces (4.90-6.76, exacto) la tasa de "
        "2023, y sin razón en comparación con la de los mismos días de la base (75 eventos); lugar "
        "1 de 32 por el límite inferior"
    )


@pytest.mark.parametrize(
    ("changed", "end"),
    [
        (
            {"base_events": 0, "rate_ratio": np.inf, "ratio_low": 0.92},
            "ningún evento en la base, así que no hay razón de tasas; al menos 0.92 veces (95 %)",
        ),
        (
            {"rate_ratio": np.nan},
            "sin razón de tasas: ningún evento en ninguna de las dos ventanas, o sin población",
        ),
        (
            {"quasi_low": np.nan},
            "intervalo de 95 % 1.16-5.83 (exacto, para eventos independientes; muy pocos meses o "
            "eventos para ver cuánto varían)",
        ),
        (
            {"claim": 2.0, "claim_inside": pd.NA, "claim_inside_quasi": pd.NA},
            "; nada puede decirse de la afirmación de 2 veces",
        ),
        (
            {"claim": 2.0, "claim_inside": False, "claim_inside_quasi": pd.NA, "claim_p": 0.01},
            "; la afirmación de 2 veces queda fuera del intervalo (p en su contra: 0.01)",
        ),
    ],
)
def test_what_is_not_known_is_said_in_spanish(changed, end):
    row = pd.Series({**ROW, **changed}, dtype=object)

    said = ratio_sentence(row, "Sinaloa", base="2023", comparison="2024", language="es")

    assert said.endswith(end)


def test_split_in_spanish_has_spanish_categories():
    rows = [(False, f"2023-{day}", 5) for day in MONTHS]
    rows += [(flag, f"2024-{day}", 5) for day in MONTHS for flag in (True, False)]

    said = split_sentence(split(*rows), "civilian_targeting", language="es")

    assert said.startswith(
        "Por ataques dirigidos a civiles, de +100 % en total: dirigidos a civiles +100 puntos "
        "(intervalo de 95 % "
    )
    assert ", de 0 a 60 eventos, no dirigidos a civiles +0 puntos" in said
    assert (
        "; crecimiento mayor que el del resto (valor q hasta 0.05): dirigidos a civiles, sin "
        "eventos antes y con 60 ahora (al menos "
    ) in said


def test_targeting_in_spanish_ends_with_its_verdict():
    table = pd.DataFrame(
        {
            "category": ["targeted", "not targeted"], "base_events": [84, 156],
            "comparison_events": [280, 320], "base_share": [0.35, 0.65],
            "comparison_share": [0.4667, 0.5333], "ratio_of_ratios": [1.624, 0.616],
            "ror_low": [1.2, 0.4], "ror_high": [2.2, 0.8], "ror_quasi_low": [1.16, 0.4],
            "ror_quasi_high": [2.28, 0.8], "fisher_p": [0.0025, 0.0025],
        }
    )  # fmt: skip

    def said(**changed):
        return targeting_sentence(table.assign(**changed), language="es")

    assert said() == (
        "Ataques dirigidos a civiles: 84 de 240 eventos (35 %), luego 280 de 600 (47 %); su "
        "crecimiento fue 1.62 veces el del resto (intervalo de 95 % 1.16-2.28, cuasi-Poisson por "
        "mes; p de Fisher 0.0025): desproporcionado"
    )
    assert said(ror_quasi_low=0.9).endswith(": no se demuestra que sea desproporcionado")
    assert said(ror_quasi_high=0.9, ror_quasi_low=0.1).endswith(": menor que el del resto")
    assert said(category=["a", "b"]) == (
        "Ataques dirigidos a civiles: ningún evento en ninguna de las dos ventanas"
    )


def test_whole_tables_are_summed_up_in_spanish():
    change = pd.DataFrame(
        {
            "base_events": [5, 6], "comparison_events": [6, 1_040], "q_value": [0.8, 0.001],
            "quasi_q": [np.nan, np.nan],
        }
    )  # fmt: skip
    filters = {"event_types": ["Battles"]}

    assert all_areas_sentence(change, filters, language="es") == (
        "2 filas: 11 y 1,046 eventos; tasas que cambiaron más de lo que daría el azar: 1 de 2 "
        "(valor q hasta 0.05, exacto, Benjamini-Hochberg); se contaron: eventos de tipo "
        "Enfrentamientos"
    )
    assert explained_sentence(
        change, None, base="2023", comparison="2024", filters={}, language="es"
    ) == ("México, 2024 frente a 2023: 11 y 1,046 eventos; se contaron: todos los eventos")
    assert more_sentence(1, language="es") == "1 categoría más en la tabla"
    assert arithmetic_sentence(1_999, 7).endswith("they do not say what caused the change")
