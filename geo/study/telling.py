"""What a study says while it runs: how far it is, and what makes its results weaker."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import geopandas as gpd

from geo import cvegeo
from geo.errors import DataWarning, GeoWarning
from geo.sources.remarks import Count, Example, Remark

_COUNTRY = {"estados unidos mexicanos", "unknown", "not specified", "no especificado"}
"""What stands for a state that is not known, folded."""


class Progress(Protocol):
    """Told how far a study is: the stage, and how much of how much of it is done."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Take notice."""


@contextmanager
def collected() -> Iterator[list[warnings.WarningMessage]]:
    """Keep the warnings of the steps: they go with the results (:func:`told`).

    Warnings of other packages are passed on at the end.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GeoWarning)
        yield caught
    for one in caught:
        if not issubclass(one.category, GeoWarning):
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def told(before: Sequence[str], caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """Return the sentences of before and of the caught warnings, each once."""
    # What was given to warn() is kept, since a remark is more than its words.
    new = [one.message.args[0] for one in caught if issubclass(one.category, GeoWarning)]  # type: ignore[union-attr]
    return tuple(dict.fromkeys([*before, *new]))


def silent(stage: str, done: int, total: int) -> None:
    """Say nothing."""


def warn_of_names(located: gpd.GeoDataFrame, conflicts: str) -> None:
    """Warn of events whose source names another state than the point does, or an unknown one."""
    if strangers := int(located["conflict"].fillna(value=False).sum()):
        warnings.warn(
            Remark(
                "admin1: {n} in another state than the one that the source names; the name "
                "counts where the place is known only to the state, else the {conflicts}",
                n=Count(strangers, "event lies", "events lie"),
                conflicts=conflicts,
            ),
            DataWarning,
            stacklevel=2,
        )
    name = located["admin1"]
    strange = name[name.notna() & cvegeo.state_codes(name).isna()]
    strange = strange[~strange.map(cvegeo.fold).isin(_COUNTRY)]
    if len(strange):
        warnings.warn(
            Remark(
                "admin1: {n} with a name that is of no state, such as {such}; taken as not stated",
                n=Count(len(strange), "event"),
                such=Example(strange.iloc[0]),
            ),
            DataWarning,
            stacklevel=2,
        )
