"""What is said of groups, other areas, dates, hotspots and surges, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.study.spoken import elsewhere_sentence, fragmentation_sentence, groups_sentence
from geo.study.spoken_time import (
    YEARS,
    breaks_sentence,
    interrupted_sentence,
    trend_sentence,
)
from geo.study.surging import surges_sentence
from geo.study.where import Settings, emerging_sentence, hotspot_sentence

GROUPS = pd.DataFrame(
    {
        "cvegeo": "25", "period": ["2022", "2023", "2024"], "complete": [False, True, True],
        "events": [9, 240, 600], "group_events": [9, 1, 500], "appearances": [9, 0, 1_538],
        "groups": [2, 0, 9], "effective_number": [1.0, np.nan, 7.66], "hhi": [1, np.nan, 0.1305],
        "hhi_unbiased": [1, np.nan, 0.128], "unidentified": [0, 3, 40],
        "unidentified_share": [0, 1, 0.15], "share_low": [0, 0.9, 0.004],
        "share_high": [0, 1, 0.18], "dyads": [3, 4, 41],
        "new_dyads": pd.array([pd.NA, pd.NA, 10], dtype="Int64"),
        "share_in_new": [np.nan, np.nan, 0.331],
        "ended_dyads": pd.array([pd.NA, pd.NA, 1], dtype="Int64"),
    }
)  # fmt: skip


def test_groups_are_said_in_both_languages():
    assert fragmentation_sentence(GROUPS, "25") == (
        "Sinaloa: in 2023 no identified group (1 event with a group); in 2024 as concentrated as "
        "7.7 groups of equal size (HHI 0.131, unbiased 0.128; n = 1,538 appearances of 9 groups), "
        "unidentified groups 15 % of all appearances (95 % interval 0.4-18, exact); of 41 pairs of "
        "named opponents in 2024, 10 had no event the period before, with 33 % of their events; 1 "
        "of before have none. Effective number: 1 / HHI of appearances in events"
    )
    assert fragmentation_sentence(GROUPS, "25", language="es") == (
        "Sinaloa: en 2023, ningún grupo identificado (1 evento con algún grupo); en 2024, una "
        "concentración como la de 7.7 grupos de igual tamaño (HHI 0.131, insesgado 0.128; n = "
        "1,538 apariciones de 9 grupos), grupos no identificados 15 % de todas las apariciones "
        "(intervalo de 95 % 0.4-18, exacto); de 41 pares de adversarios con nombre en 2024, 10 no "
        "tuvieron ningún evento en el periodo anterior, con 33 % de los eventos de todos los "
        "pares; 1 de los anteriores ya no tiene ninguno. Número efectivo: 1 / HHI de las "
        "apariciones en eventos"
    )
    assert groups_sentence(GROUPS, language="es") == (
        "1 área x 3 periodos, 849 eventos, 510 de ellos con algún grupo armado: 1,547 apariciones "
        "de grupos identificados, 43 de no identificados"
    )


def elsewhere(**changed):
    row = {
        "cvegeo": "25", "donors": "all others", "donor_areas": 31, "base_events": 240,
        "comparison_events": 600, "months_base": 12, "months_comparison": 1, "expected": 1239.4,
        "ratio": 2.506, "two_way_ratio": 2.507, "ratio_low": 1.99, "ratio_high": 3.16,
        "dispersion": 2.19, "focus_ratio": 2.48, "donor_ratio": 0.99, "rank_in_space": 1,
        "placebos_in_space": 31, "p_in_space": 0.03125, "rank_in_time": 2, "placebos_in_time": 4,
        "p_in_time": 0.4, **changed,
    }  # fmt: skip
    return elsewhere_sentence(
        pd.Series(row, dtype=object), base="2023", comparison="2024", language="es"
    )


def test_other_areas_are_said_in_spanish():
    assert elsewhere() == (
        "Sinaloa frente a 31 áreas de comparación (todas las demás), 240 eventos en 2023 (12 "
        "meses) y 600 en 2024 (1): más de lo esperado según ellas, 600 eventos frente a 1,239.4 "
        "esperados: 2.51 veces (crecimiento de 2.48 veces en el área, de 0.99 veces en ellas; con "
        "efectos de área y de mes 2.51, intervalo de 95 % 1.99-3.16, cuasi-Poisson, dispersión "
        "2.2); lugar 1 de 32 en el espacio (p = 0.031), lugar 2 de 5 en el tiempo (p = 0.400)"
    )
    assert elsewhere(ratio=np.nan).endswith(": sin razón, por falta de eventos en una ventana")


@pytest.mark.parametrize(
    ("changed", "direction"),
    [
        ({"ratio": 0.4, "ratio_low": 0.3, "ratio_high": 0.5}, "menos de lo esperado"),
        ({"ratio_low": 0.9}, "no se distingue de lo esperado"),
        (
            {"placebos_in_space": 5},
            "muy pocas áreas para darle un lugar, así que no se distingue de lo esperado",
        ),
        (
            {"p_in_space": 0.06},
            "no es más raro que en otras áreas, así que no se distingue de lo esperado",
        ),
    ],
)
def test_direction_is_said_in_spanish(changed, direction):
    assert f": {direction} según ellas, 600 eventos" in elsewhere(**changed)


TREND = pd.Series(
    {
        "cvegeo": "25", "first": "2022-01", "last": "2024-12", "periods": 36, "events": 1_068,
        "tau_b": 0.225, "p_value": 0.0004, "slope": 0.74, "slope_low": -0.1, "slope_high": 2.05,
    },
    dtype=object,
)  # fmt: skip
BREAK = {
    "cvegeo": "25", "period": "2024-09", "period_low": "2024-08", "period_high": "2024-09",
    "rate_before": 7.44, "events_before": 1_623, "periods_before": 32, "rate_after": 42.17,
    "events_after": 445, "periods_after": 4, "rate_ratio": 5.67,
}  # fmt: skip


def test_breaks_are_said_in_spanish():
    found = pd.DataFrame([BREAK])

    assert breaks_sentence(found, TREND, seed=7, language="es") == (
        "Sinaloa, 1,068 eventos en 36 periodos completos, de 2022-01 a 2024-12: 1 quiebre hallado, "
        "a partir de 2024-09 (rango de 95 % de la fecha 2024-08 a 2024-09, 1,999 remuestreos "
        "bootstrap, semilla 7): de 7.44 (1,623 eventos en 32 periodos) a 42.17 por 100,000 "
        "personas-año (445 en 4), 5.67 veces (partición óptima, costo de Poisson escalado a la "
        "variación entre periodos; una fecha hallada así no debe ponerse a prueba como si se "
        "conociera de antemano)"
    )
    assert breaks_sentence(schema.BREAKS.empty(), TREND, language="es").endswith(
        ": no se halló ningún quiebre (partición óptima, costo de Poisson escalado a la variación "
        "entre periodos)"
    )
    several = breaks_sentence(pd.DataFrame([BREAK] * 2), TREND, unit=YEARS, language="es")
    assert ": 2 quiebres hallados, a partir de" in several
    assert "a 42.17 eventos al año (445 en 4)" in several


def test_trend_is_said_in_spanish():
    assert trend_sentence(TREND, language="es") == (
        "Sinaloa, tendencia de 36 periodos: pendiente de Sen +0.74 por 100,000 personas-año cada "
        "año (intervalo de 95 % -0.10 a +2.05), tau-b de Mann-Kendall 0.23, p menor que 0.001; los "
        "periodos se toman como independientes"
    )
    none = TREND.copy()
    none["slope"] = np.nan
    assert trend_sentence(none, language="es") == "Sinaloa, tendencia de 36 periodos: no definida"


def test_interrupted_series_is_said_in_spanish():
    shared = {"cvegeo": "25", "dispersion": 3.52, "periods_before": 26, "periods_between": 2,
              "periods_after": 1}  # fmt: skip
    terms = pd.DataFrame(
        [
            {**shared, "term": "level", "ratio": 5.6, "ratio_low": 3.1, "ratio_high": 9.8},
            {**shared, "term": "slope", "ratio": np.nan, "ratio_low": np.nan, "ratio_high": 1.0},
            {**shared, "term": "pre-trend", "ratio": 1.0, "ratio_low": 0.99, "ratio_high": 1.01},
        ]
    )
    pre_trend = (
        "Sinaloa, 26 meses antes de la fecha: cada uno 1.00 veces el anterior (intervalo de 95 % "
        "0.99-1.01, cuasi-Poisson, dispersión 3.5); que un intervalo contenga el 1 no prueba que "
        "no hubiera tendencia"
    )

    assert interrupted_sentence(terms[2:], language="es") == pre_trend
    assert interrupted_sentence(terms, language="es") == (
        "Sinaloa, 1 mes después de la fecha, 2 de transición: nivel 5.60 veces lo que la tendencia "
        "de los 26 meses anteriores hace esperar (intervalo de 95 % 3.10-9.80), su crecimiento "
        "mensual sin razón en comparación con el de antes (intervalo de 95 % no definido; serie "
        f"interrumpida, cuasi-Poisson, dispersión 3.5). {pre_trend}"
    )


HOW = Settings(value="eb_rate", permutations=99_999, seed=7, fdr="bh")


def test_hotspots_are_said_in_spanish():
    bins = pd.array([3, 2, 1, 0, -1, pd.NA], dtype="Int64")
    tables = {
        "hotspots": pd.DataFrame({"period": "2024", "gi_bin": bins}),
        "outliers": pd.DataFrame({"period": "2024", "is_outlier": [True, False]}),
        "nearest": pd.DataFrame({"period": ["2024"]}),
        "clustering": pd.DataFrame(
            {"period": ["2024"], "moran": 0.25, "p_greater": 0.003, "permutations": 9_999,
             "events": 1_234}
        ),
    }  # fmt: skip

    assert hotspot_sentence(tables, HOW, language="es") == (
        "2024, 5 áreas puestas a prueba, 1,234 eventos: 3 puntos calientes al 90 % (2 al 95 %, 1 "
        "al 99 %), 1 punto frío al 90 % (0 al 95 %, 0 al 99 %) (Gi* de la tasa suavizada (Bayes "
        "empírico); p de 99,999 permutaciones condicionales, semilla 7, entre áreas de "
        "población parecida; valor q según Benjamini-Hochberg); valores atípicos 1 (Moran local, "
        "valor q hasta 0.05); I de Moran EB 0.250, p de una cola 0.0030 (9,999 permutaciones); "
        "veredictos que cambian con las 8 áreas más cercanas como vecinas: 1"
    )
    empty = {"hotspots": schema.HOTSPOTS.empty()}
    assert hotspot_sentence(empty, HOW, language="es") == (
        "ningún periodo completo en el que buscar puntos calientes"
    )


def test_map_without_a_hotspot_says_so_in_spanish():
    tables = {
        "hotspots": pd.DataFrame({"period": ["2024"], "gi_bin": pd.array([0], dtype="Int64")}),
        "outliers": pd.DataFrame({"period": ["2024"], "is_outlier": [False]}),
        "nearest": pd.DataFrame({"period": []}),
        "clustering": pd.DataFrame(
            {"period": ["2024"], "moran": np.nan, "p_greater": np.nan, "permutations": 0,
             "events": 1}
        ),
    }  # fmt: skip
    how = Settings(value="fatalities", permutations=0, seed=7, fdr="by")

    said = hotspot_sentence(tables, how, language="es")

    assert said.startswith(
        "2024, 1 área puesta a prueba, 1 evento: ningún punto caliente, ningún punto frío (Gi* de "
        "las muertes, un mapa de volumen; p analítico, sin permutaciones; valor q según "
        "Benjamini-Yekutieli)"
    )
    assert "; I de Moran EB no definida; " in said


def test_emerging_patterns_are_said_in_spanish():
    patterns = ["new hotspot", "no pattern", "sporadic coldspot", "new hotspot", None]
    measures = pd.DataFrame({"period": ["2024-01", "2024-02"], "complete": True})

    emerging = pd.DataFrame({"pattern": patterns, "periods": 2})
    said = emerging_sentence(emerging, measures, HOW, language="es")

    assert said.startswith(
        "2024-01 a 2024-02 (2 periodos), 5 áreas: punto caliente nuevo 2, punto frío esporádico 1; "
        "1 sin patrón (Gi* de la tasa suavizada"
    )
    assert said.endswith(", sobre todas las áreas y periodos juntos; tendencia según Mann-Kendall)")


def test_surges_are_said_in_spanish():
    row = {
        "cvegeo": "25", "name": "Sinaloa", "rule": "week against month", "flag": True,
        "period": "2024-09-07", "events": 30, "weeks": 1, "base_events": 20, "base_weeks": 4,
        "ratio": 6.0, "ratio_low": 3.3, "ratio_high": np.inf,
    }  # fmt: skip
    calm = {**row, "rule": "month against year", "flag": False}
    others = [{**row, "name": "Otra", "ratio_low": 0.5} for _ in range(4)]

    assert surges_sentence(pd.DataFrame([row, calm]), 1_900, language="es") == (
        "Semana del 2024-09-07, 1 área, 1,900 eventos contados: 1 área marcada con repunte (semana "
        "frente a mes), 1 de ellas con un intervalo por encima de 1: Sinaloa 6.0 veces (30 eventos "
        "en 1 semana, 20 en las 4 anteriores; intervalo de 95 % 3.3-sin límite, exacto); 0 áreas "
        "marcadas con amenaza (mes frente a año)"
    )
    many = surges_sentence(pd.DataFrame([row, *others]), 1, language="es")
    assert (
        "1 evento contado: 5 áreas marcadas con repunte (semana frente a mes), 1 de ellas" in many
    )
    assert many.endswith(" y 2 más")
