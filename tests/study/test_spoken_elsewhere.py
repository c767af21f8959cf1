"""What is said of mixtures, rings, months and composition, in both languages."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geo.steps.composition import Whole
from geo.study.spoken_elsewhere import event_study_sentence, ring_sentence, synthetic_sentence
from geo.study.spoken_season import composition_sentence, season_sentence

WINDOWS = {"base": "2023", "comparison": "2024"}
MIXED = {
    "cvegeo": "25", "donors": "without neighbors", "donor_areas": 27, "mixed_areas": 4,
    "months_base": 12, "months_comparison": 1, "base_events": 1240, "comparison_events": 1,
    "comparison_rate": 18.949, "synthetic_comparison_rate": 6.687, "pre_error": 1.516,
    "pre_error_share": 0.198, "fits": True, "post_error": 19.686, "error_ratio": 12.983,
    "ratio": 2.834, "rank": 1, "placebos": 27, "p_value": 1 / 28,
}  # fmt: skip


def synthetic(language="en", **changed):
    return synthetic_sentence(
        pd.Series({**MIXED, **changed}, dtype=object), **WINDOWS, language=language
    )


def test_mixture_is_said_with_its_fit_its_rank_and_without_an_interval():
    assert synthetic("es") == (
        "Sinaloa frente a una mezcla de 4 de 27 áreas (sin las vecinas), ajustada a 12 meses de "
        "2023 con 1,240 eventos: por encima de la mezcla; en 2024 (1 mes), 1 evento y una tasa "
        "media de 18.95 por 100,000 personas-año frente a 6.69 de la mezcla, 2.83 veces; error "
        "(RMSPE) 1.52 antes, 20 % de la tasa, y 19.69 después, 13.0 veces; lugar 1 de 28 por esa "
        "razón, p = 0.036 (control sintético; sin intervalo, solo lugares)"
    )


@pytest.mark.parametrize(
    ("changed", "english", "spanish"),
    [
        pytest.param({"ratio": 0.4}, "lower than the mixture", "por debajo de la mezcla", id="low"),
        pytest.param(
            {"fits": False}, "does not resemble it before, so the rest means little",
            "no se le parece antes, así que lo demás dice poco", id="no fit",
        ),
        pytest.param(
            {"p_value": 0.25}, "no rarer than elsewhere", "no es más raro que en otras áreas",
            id="common",
        ),
        pytest.param(
            {"placebos": 5, "p_value": 1 / 6}, "too few areas to rank it", "muy pocas áreas",
            id="few",
        ),
        pytest.param(
            {"rank": pd.NA, "p_value": np.nan, "error_ratio": np.nan}, "19.69 after; not ranked",
            "19.69 después; sin lugar", id="no rank",
        ),
        pytest.param(
            {"ratio": np.nan, "pre_error_share": np.nan, "fits": False},
            "6.69 of the mixture; error (RMSPE) 1.52 before, no share of",
            "6.69 de la mezcla; error (RMSPE) 1.52 antes, sin proporción de", id="no rate",
        ),
    ],
)  # fmt: skip
def test_what_a_mixture_does_not_show_is_said(changed, english, spanish):
    assert english in synthetic(**changed)
    assert spanish in synthetic("es", **changed)


ZONE = {
    "cvegeo": "25", "areas": 4, "months_base": 12, "months_comparison": 12, "base_events": 299,
    "comparison_events": 252, "ratio": 0.834, "ratio_low": 0.702, "ratio_high": 0.989,
    "quasi_low": 0.662, "quasi_high": 1.05, "dispersion": 1.69, "relative_ratio": 0.835,
    "relative_low": 0.654, "relative_high": 1.066, "more": -49.8, "more_low": -133.4,
    "more_high": 15.6,
}  # fmt: skip
NOTHING = dict.fromkeys(
    ["ratio", "ratio_low", "ratio_high", "quasi_low", "quasi_high", "dispersion",
     "relative_ratio", "relative_low", "relative_high", "more", "more_low", "more_high"], np.nan,
)  # fmt: skip


def ring(language="en", **changed):
    rows = [
        {**ZONE, "zone": "ring 1", **changed},
        {**ZONE, **NOTHING, "zone": "ring 2", "areas": 0, "base_events": 0},
        {**ZONE, "zone": "beyond", "areas": 23},
    ]
    return ring_sentence(pd.DataFrame(rows), **WINDOWS, language=language)


def test_ring_is_said_with_what_it_does_not_say():
    assert ring("es") == (
        "Alrededor de Sinaloa, 2024 frente a 2023 (12 y 12 meses): sus vecinas (4 áreas) 299 y 252 "
        "eventos, 0.83 veces (intervalo de 95 % 0.66-1.05, cuasi-Poisson, dispersión 1.7), sin "
        "distinguirse de las áreas restantes: 0.83 veces el cambio de ellas (intervalo de 95 % "
        "0.65-1.07, efectos de mes), -50 eventos respecto de lo esperado (-133 a +16); las vecinas "
        "de estas: ninguna área; las 23 áreas restantes cambiaron 0.83 veces (299 y 252 eventos, "
        "intervalo de 95 % 0.66-1.05, cuasi-Poisson, dispersión 1.7). No dice que algo se haya "
        "movido de unas a otras"
    )


@pytest.mark.parametrize(
    ("changed", "english", "spanish"),
    [
        ({"relative_low": 1.1, "relative_high": 2}, "more than the areas beyond: ",
         "más que las áreas restantes: "),
        ({"relative_low": 0.1, "relative_high": 0.9}, "less than the areas beyond: ",
         "menos que las áreas restantes: "),
        ({"quasi_low": np.nan}, "0.70-0.99, exact)", "0.70-0.99, exacto)"),
        ({"quasi_low": np.nan, "ratio_low": np.nan, "ratio": np.inf, "relative_low": np.nan},
         "no ratio (no interval), not told apart from the areas beyond;",
         "sin razón (sin intervalo), sin distinguirse de las áreas restantes;"),
        ({"more": -0.2}, ", +0 events against", ", +0 eventos respecto"),
    ],
)  # fmt: skip
def test_ring_is_more_or_less_only_where_the_interval_says_so(changed, english, spanish):
    assert english in ring(**changed)
    assert spanish in ring("es", **changed)


def months(months=1, **changed):
    row = {"donors": "all others", "months": months, "events": 20, "donor_events": 1317}
    rows = [
        ("2024-04", "before", 0.98, 0.41, 2.3), ("2024-05", "before", 1.22, 1.01, 2.84),
        ("2024-06", "reference", 1.0, np.nan, np.nan), ("2024-07", "transition", 9, 8, 10),
        ("2024-10", "after", 5.28, 2.7, 10.3), ("2024-11", "after", np.inf, np.nan, np.nan),
    ]  # fmt: skip
    names = ["period", "phase", "ratio", "ratio_low", "ratio_high"]
    table = pd.DataFrame([{**row, **dict(zip(names, values, strict=True))} for values in rows])
    trend = {
        "cvegeo": "25", "donors": "all others", "donor_areas": 31, "months": months,
        "slope": 1.002, "slope_low": 0.991, "slope_high": 1.012, "joint_f": 0.304,
        "joint_p": 0.0421, "dispersion": 1.8, **changed,
    }  # fmt: skip
    return table, pd.Series(trend)


def test_months_around_a_date_are_said_with_those_before_and_no_proof():
    assert event_study_sentence(*months(), language="es") == (
        "Sinaloa frente a 31 áreas (todas las demás), cada mes frente a 2024-06 (20 eventos en el "
        "área, 1,317 en ellas): antes, 2 razones de 0.98 veces a 1.22 veces, 1 de ellas con un "
        "intervalo de 95 % que no contiene el 1, crecimiento 1.00 veces por mes (intervalo de 95 % "
        "0.99-1.01), F conjunta 0.30, p 0.042, lo que no prueba que ambas habrían seguido igual; "
        "después de la fecha, 1 razón de 5.28 veces a 5.28 veces, 1 de ellas con un intervalo de "
        "95 % que no contiene el 1 (cuasi-Poisson, dispersión de las áreas 1.8; cada intervalo por "
        "sí mismo)"
    )


def test_reference_without_events_is_said_to_leave_no_ratio():
    table, trend = months()
    table["ratio"] = np.where(table["phase"] == "reference", 1, np.inf)

    said = event_study_sentence(table, trend)

    assert "before it no ratio, for want of events in that reference or those months, gr" in said


def test_months_taken_together_are_said_to_be():
    nothing = {"slope": np.nan, "slope_low": np.nan, "joint_f": np.nan, "joint_p": np.nan}
    table, trend = months(3, **nothing)

    english, spanish = (event_study_sentence(table, trend, language=one) for one in ("en", "es"))

    assert "each period of 3 months against 2024-06" in english
    assert "growth no ratio a period of 3 months (no interval), joint F not defined" in english
    assert "cada periodo de 3 meses frente a" in spanish


STRENGTH = {
    "cvegeo": "25", "first": "2022-01", "last": "2024-12", "months": 36, "events": 1068,
    "p_years": 0.0283, "p_linear": 0.347, "p_ranks": 0.437, "p_value": 0.437, "dispersion": 8.69,
    "explained": 0.559, "explained_by_chance": 1 / 3, "high_month": 12, "low_month": 3,
}  # fmt: skip
SEASON = pd.DataFrame(
    {"cvegeo": "25", "month": [3, 12], "ratio": [0.58, 2.0], "ratio_low": [0.25, 1.23],
     "ratio_high": [1.35, 3.25]}
)  # fmt: skip


def test_season_is_said_with_all_three_tests():
    assert season_sentence(SEASON, pd.Series(STRENGTH), language="es") == (
        "Sinaloa, 1,068 eventos en 36 meses completos, de 2022-01 a 2024-12: ninguna "
        "estacionalidad que se distinga del azar, del crecimiento o de un solo año (p = 0.437, la "
        "mayor de F junto a los años 0.028, F junto a un crecimiento constante 0.347 y Friedman "
        "0.437); el más alto, diciembre 2.00 veces (intervalo de 95 % 1.23-3.25), el más bajo, "
        "marzo 0.58 veces (intervalo de 95 % 0.25-1.35), respecto del mes medio (cuasi-Poisson, "
        "dispersión 8.7); los meses del año explican 56 % de la variación dentro de los años, 33 % "
        "si fuera solo azar"
    )
    found = pd.Series({**STRENGTH, "p_value": 0.01})
    assert ": a season that comes back every year (p = 0.010," in season_sentence(SEASON, found)


def test_area_with_too_few_events_has_no_season_to_speak_of():
    nothing = pd.Series({**STRENGTH, "events": 3, "p_years": np.nan})

    assert season_sentence(SEASON, nothing) == (
        "Sinaloa, 3 events in 36 complete months, 2022-01 to 2024-12: too few to tell a season; a "
        "month of the year has no event, or fewer than three years have any"
    )


WHOLE = Whole(
    areas=18, base_events=236, comparison_events=1586, base_rate=7.51, comparison_rate=18.51,
    rate_effect=10.996, rate_effect_low=2.63, rate_effect_high=20.04, composition_effect=-0.001,
    composition_effect_low=-0.002, composition_effect_high=0.01, shows_moves=False,
)  # fmt: skip


def whole(language="es", level="municipality", focus="25", **changed):
    return composition_sentence(
        dataclasses.replace(WHOLE, **changed), focus, level=level, **WINDOWS, draws=1999, seed=7,
        language=language,
    )  # fmt: skip


def test_composition_is_said_with_both_parts_and_what_the_table_does_not_show():
    assert whole() == (
        "Sinaloa, 18 municipios, 2024 frente a 2023: 236 y 1,586 eventos, 7.51 y 18.51 por "
        "100,000 personas-año (+11.00); las tasas de las áreas aportan +11.00 (intervalo de 95 % "
        "+2.63 a +20.04), el reparto de la población aporta +0.00 (intervalo de 95 % +0.00 a "
        "+0.01) (Kitagawa, 1,999 remuestreos de bloques de 4 semanas, semilla 7; la población se "
        "toma como conocida); la tabla hace crecer por igual a la población de los municipios de "
        "un estado, así que no se ven mudanzas entre ellos"
    )
    country = whole("en", "state", None, shows_moves=True, rate_effect_low=np.nan,
                    composition_effect_low=np.nan)  # fmt: skip
    assert country.startswith("Mexico, 18 states, 2024 against 2023: 236 and 1,586 events, ")
    assert country.endswith("add +0.00 (Kitagawa; the people are taken as known)")
