"""What a row of change says beside its ratio: the difference, another model, following months."""

from __future__ import annotations

import math

import pandas as pd

from geo.study.phrases import models
from geo.study.settings import Language


def model_sentence(row: pd.Series, *, method: str, language: Language = "en") -> str:
    """Return what a row of a ``CHANGE`` table says of difference, model and correlation.

    Empty where there is no population: there is no rate then.

    Parameters
    ----------
    row
        The row, with the columns of the model where one was asked for.
    method
        As in :func:`geo.steps.compare.compare_windows`.
    language
        ``en`` or ``es``.

    Examples
    --------
    >>> row = pd.Series({"rate_difference": 15.0, "difference_low": 2.83,
    ...     "difference_high": 27.99, "difference_quasi_low": float("nan"),
    ...     "difference_quasi_high": float("nan"), "residual_correlation": 0.41,
    ...     "correlated": True})
    >>> print(model_sentence(row, method="quasi-poisson"))
    difference +15.00 per 100,000 person-years, 95 % interval +2.83 to +27.99 (exact limits
    combined, for independent events); correlation of neighboring months 0.41: above 0.3, so the
    quasi-Poisson interval is too narrow; Newey-West allows for it (--method newey-west)
    """
    said = [
        _difference(row, language),
        _model(row, method, language),
        _correlation(row, method, language),
    ]
    return "; ".join(part for part in said if part)


def _difference(row: pd.Series, language: Language) -> str:
    difference = float(row["rate_difference"])
    if math.isnan(difference):
        return ""
    to = {"en": "to", "es": "a"}[language]
    exact, quasi = (
        f"{row[f'{name}_low']:+.2f} {to} {row[f'{name}_high']:+.2f}"
        for name in ("difference", "difference_quasi")
    )
    if math.isnan(row["difference_quasi_low"]):
        return models.DIFFERENCE.say(language, difference=difference, exact=exact)
    return models.DIFFERENCE_BOTH.say(language, difference=difference, exact=exact, quasi=quasi)


def _model(row: pd.Series, method: str, language: Language) -> str:
    if "model_low" not in row.index:
        return ""
    if math.isnan(row["model_low"]):
        return models.NO_MODEL.say(language, method=models.METHODS[method].say(language))
    limits = {name: f"{row[f'model_{name}']:.2f}" for name in ("ratio", "low", "high")}
    if method == "newey-west":
        return models.NEWEY_WEST.say(language, **limits, lag=int(row["lag"]))
    return models.NEGATIVE_BINOMIAL.say(language, **limits, alpha=float(row["alpha"]))


def _correlation(row: pd.Series, method: str, language: Language) -> str:
    if pd.isna(row["correlated"]):
        return ""
    correlation = float(row["residual_correlation"])
    if not row["correlated"]:
        return models.CORRELATION.say(language, correlation=correlation)
    cure = "" if method == "newey-west" else models.CURE.say(language)
    return models.CORRELATED.say(language, correlation=correlation, cure=cure)
