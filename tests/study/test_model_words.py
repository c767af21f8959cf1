"""What is said of difference, model and correlation, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.study.model_words import model_sentence

NAN = float("nan")
ROW = {
    "rate_difference": 15.0, "difference_low": 2.83, "difference_high": 27.99,
    "difference_quasi_low": -4.0, "difference_quasi_high": 35.5,
    "residual_correlation": 0.12, "correlated": False,
}  # fmt: skip
MODEL = {"model_ratio": 2.5, "model_low": 1.1, "model_high": 5.7, "alpha": 0.31, "lag": 3}


def said(method="quasi-poisson", language="en", **changed):
    return model_sentence(
        pd.Series({**ROW, **changed}, dtype=object), method=method, language=language
    )


def test_difference_is_said_with_both_intervals_and_their_reasons():
    assert said() == (
        "difference +15.00 per 100,000 person-years, 95 % interval -4.00 to +35.50 (as dispersed "
        "as the months) and +2.83 to +27.99 (independent events); correlation of neighboring "
        "months 0.12"
    )
    assert said(language="es").startswith(
        "diferencia de +15.00 por 100,000 personas-año, intervalo de 95 % -4.00 a +35.50"
    )


def test_e6_difference_alone_is_said_where_the_months_say_nothing():
    alone = said(difference_quasi_low=NAN, difference_quasi_high=NAN, correlated=pd.NA)

    assert alone == (
        "difference +15.00 per 100,000 person-years, 95 % interval +2.83 to +27.99 (exact limits "
        "combined, for independent events)"
    )


@pytest.mark.parametrize(
    ("method", "language", "part"),
    [
        ("newey-west", "en", "Newey-West 95 % interval 1.10-5.70 (months up to 3 apart"),
        ("newey-west", "es", "intervalo de 95 % de Newey-West 1.10-5.70"),
        ("negative-binomial", "en", "negative binomial 2.50 times, 95 % interval 1.10-5.70 (alpha"),
        ("negative-binomial", "es", "binomial negativa 2.50 veces"),
    ],
)
def test_model_is_said_with_its_name(method, language, part):
    assert part in said(method, language, **MODEL)


def test_model_that_could_not_be_fitted_is_said_to_be_missing():
    assert "no Newey-West interval: too few months" in said(
        "newey-west", **{**MODEL, "model_low": NAN}
    )


def test_months_that_follow_one_another_are_said_with_the_cure_unless_it_was_taken():
    follow = {"correlated": True, "residual_correlation": 0.62}

    assert said(**follow).endswith("too narrow; Newey-West allows for it (--method newey-west)")
    assert said("newey-west", **follow, **MODEL).endswith(
        "the quasi-Poisson interval is too narrow"
    )


def test_area_without_people_has_nothing_to_say():
    nothing = dict.fromkeys(ROW, NAN) | {"correlated": pd.NA}

    assert said(**nothing) == ""
