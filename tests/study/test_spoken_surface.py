"""What is said of scans and surfaces, in both languages."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest

from geo import schema
from geo.steps.scan import ScanResults, find_clusters
from geo.steps.series import table_of
from geo.steps.surface import event_density
from geo.steps.surface_ratio import density_change
from geo.study.spoken_surface import scan_sentence, surface_sentence
from tests.surfaces import MIDDLE, areas, located, many


def cluster(**other):
    row = {
        "share_limit": 0.1, "rank": 1, "center": "25006", "areas": 32, "first": "2024-09",
        "last": "2024-12", "observed": 425, "expected": 33.79, "relative_risk": 13.01,
        "llr": 691.43, "p_value": 0.001, "p_dispersed": 0.004, "dispersion": 1.13,
        "replicates": 999, "scan": "prospective", "model": "poisson",
    }  # fmt: skip
    return row | other


def results(*rows, **other):
    made = {
        "clusters": table_of(list(rows), schema.SCAN_CLUSTERS),
        "areas": schema.SCAN_AREAS.empty(), "scanned": 2465, "events": 11_825, "first": "2022-01",
        "last": "2024-12", "periods": 36, "dispersion": 1.13, "over": "prospective",
        "model": "poisson", "replicates": 999, "seed": 7,
    }  # fmt: skip
    return ScanResults(**(made | other))


def test_scan_sentence_has_n_method_replicates_and_seed():
    assert scan_sentence(results(cluster())) == (
        "2022-01 to 2024-12 (36 periods), 2,465 areas, 11,825 events: with up to 10 % of the "
        "population in a cluster, 1 with a p up to 0.05 of 1 reported: 32 areas around Culiacán, "
        "Sinaloa, 2024-09 to 2024-12 (425 events for 33.8 expected; 13.0 times as elsewhere; LLR "
        "691.4; p = 0.001, 0.004 as dispersed) (Kulldorff scan of what still goes on in the last "
        "period; Poisson model, events expected by people: it also finds what is always high; p "
        "from 999 replicates, seed 7). p takes events as independent; where they come in series "
        "it is too small"
    )


def test_scan_sentence_in_spanish():
    said = scan_sentence(results(cluster(areas=1, observed=1)), language="es")

    assert said == (
        "2022-01 a 2024-12 (36 periodos), 2,465 áreas, 11,825 eventos: con hasta el 10 % de la "
        "población en un conglomerado, 1 con p hasta 0.05 de 1 informado: 1 área en torno a "
        "Culiacán, Sinaloa, 2024-09 a 2024-12 (1 evento por 33.8 esperados; 13.0 veces lo que en "
        "otras partes; LLR 691.4; p = 0.001, 0.004 con dispersión) (barrido de Kulldorff de lo que "
        "sigue activo en el último periodo; modelo de Poisson, eventos esperados según la "
        "población: también halla lo que siempre es alto; p de 999 réplicas, semilla 7). El p "
        "supone eventos independientes; si vienen en serie, es demasiado pequeño"
    )


def test_cluster_that_chance_brings_forth_is_no_find():
    chance = results(cluster(p_value=0.04, p_dispersed=0.2, dispersion=2.5), dispersion=2.5)

    english, spanish = scan_sentence(chance), scan_sentence(chance, language="es")

    # What counts is the p that allows for dispersion.
    assert "none that chance would not bring forth (p up to 0.05); the most likely is 32" in english
    assert "vary 2.5 times as much as independent events: go by the p as dispersed" in english
    assert "ninguno que el azar no produciría" in spanish


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(results(), "nowhere more events than expected", id="no cluster"),
        pytest.param(
            results(cluster(p_value=np.nan, p_dispersed=np.nan, replicates=0), replicates=0),
            "not tested: 32 areas around Culiacán, Sinaloa, 2024-09 to 2024-12 (425 events for "
            "33.8 expected; 13.0 times as elsewhere; LLR 691.4) (Kulldorff scan of what still "
            "goes on in the last period; Poisson model, events expected by people: it also finds "
            "what is always high; no p-value).",
            id="no replicates",
        ),
        pytest.param(
            results(cluster(relative_risk=np.inf)), "; none elsewhere; LLR", id="all inside"
        ),
        pytest.param(
            results(cluster(), cluster(share_limit=0.5)), "; with up to 50 % of the", id="shares"
        ),
        pytest.param(find_clusters(schema.PANEL.empty(), model="permutation"),
                     "nothing to scan", id="nothing"),
    ],
)  # fmt: skip
def test_scan_sentence_of_the_awkward_cases(found, said):
    assert said in scan_sentence(found)


@functools.cache
def density():
    return event_density(
        many(30), window="2024", data_through="2024-12-31", areas=areas(), cell_m=2_000,
        bandwidth_m=12_000,
    )  # fmt: skip


def test_density_sentence_has_n_unit_and_method():
    # 30 / (2 pi 12²) = 0.0332
    english = surface_sentence(density())
    assert english.startswith("2024: 30 events, up to 0.0331 per km² and year near ")
    assert english.endswith(
        "(Gaussian kernel, bandwidth 12.0 km as given, edge-corrected on land (Jones-Diggle), "
        "cells of 2 km)"
    )
    spanish = surface_sentence(density(), language="es")
    assert spanish.startswith("2024: 30 eventos, hasta 0.0331 por km² y año cerca de ")
    assert spanish.endswith(
        "(kernel gaussiano, ancho de banda 12.0 km según lo indicado, con corrección de borde en "
        "tierra (Jones-Diggle), celdas de 2 km)"
    )


def test_left_out_events_are_told_with_why_in_both_languages():
    some = dataclasses.replace(
        density(), left_out={"place known to: near": 1200, "outside the study area": 1}
    )

    assert surface_sentence(some).endswith(
        "; 1,201 events left out (place known nearly 1,200, outside the study area 1)"
    )
    assert surface_sentence(some, language="es").endswith(
        "; 1,201 eventos fuera (lugar aproximado 1,200, fuera del área de estudio 1)"
    )


def test_change_sentence_has_both_windows_and_both_ends():
    points = [MIDDLE] * 50 + [(-101.5, 23.5)] * 30
    days = ["2023-02-01"] * 10 + ["2024-02-01"] * 40 + ["2023-02-01"] * 20 + ["2024-02-01"] * 10
    found = density_change(
        located(*points, event_date=days), base=2023, comparison=2024, data_from="2023-01-01",
        data_through="2024-12-31", areas=areas(), cell_m=5_000, bandwidth_m=20_000,
    )  # fmt: skip

    english = surface_sentence(found)
    assert english.startswith("2023 to 2024: 30 events and 50; from 0.5 times as many per year ")
    assert "no test" in english
    assert surface_sentence(found, language="es").startswith(
        "2023 a 2024: 30 eventos y 50; por año, desde 0.5 veces cerca de "
    )


def test_surface_without_a_value_is_told():
    empty = dataclasses.replace(
        density(), kind="change", base="2023", base_events=1,
        values=np.full_like(density().values, np.nan),
    )  # fmt: skip

    assert "nowhere enough of them for a ratio" in surface_sentence(empty)


def test_floor_and_adaptive_bandwidths_are_told():
    spread = [(-102.9 + 0.1 * i, 23.05 + 0.1 * j) for i in range(18) for j in range(10)]
    found = event_density(located(*spread), areas=areas(), cell_m=5_000, adaptive=True)

    said = surface_sentence(found)
    assert "bandwidth 10.0 km (a floor; " in said
    assert "after Cronie and van Lieshout), longer where events are few (Abramson)" in said
    spanish = surface_sentence(found, language="es")
    assert "(un mínimo; " in spanish
    assert "mayor donde hay pocos eventos (Abramson)" in spanish
