"""Columns of text as a file holds them: what is blank, and translation value by value.

A cell is never changed here; what is trimmed or translated is a copy that a reader compares.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]

MISSING_WORDS = frozenset(
    {"na", "n/a", "nan", "<na>", "null", "none", "nat", "nd", "n/d", "s/d", "-", "--", ".", "?"}
)
"""What stands for "no value" in a column of dates, numbers or codes, in lower case.

In a column of text these are text: an actor may be called "NA".
"""

_MISSING_SPELLINGS = [
    "".join(letters)
    for word in sorted(MISSING_WORDS)
    for letters in itertools.product(*({letter, letter.upper()} for letter in word))
]


def trimmed(text: pd.Series) -> pd.Series:
    """Return the cells without outer white space, missing where nothing is left.

    Examples
    --------
    >>> trimmed(pd.Series([" a b ", " ", None], dtype="str")).tolist()
    ['a b', nan, nan]
    """
    bare = text.astype("str").str.strip()
    blank = mask_of(bare.eq(""))
    return bare.mask(blank) if blank.any() else bare


def present(text: pd.Series) -> pd.Series:
    """Return the cells as they are, missing where they hold white space only.

    Examples
    --------
    >>> present(pd.Series([" a b ", " ", None], dtype="str")).tolist()
    [' a b ', nan, nan]
    """
    blank = trimmed(text).isna()
    return text.mask(blank) if blank.any() else text.copy()


def stated(text: pd.Series) -> pd.Series:
    """Return the trimmed cells, missing where they are blank or a word for "no value".

    Examples
    --------
    >>> stated(pd.Series(["3 ", "N/A", ""], dtype="str")).tolist()
    ['3', nan, nan]
    """
    bare = trimmed(text)
    no_value = mask_of(bare.isin(_MISSING_SPELLINGS))
    return bare.mask(no_value) if no_value.any() else bare


def mapped(text: pd.Series, translate: Callable[[str], Any]) -> pd.Series:
    """Return what `translate` makes of each cell; it is called once a distinct value.

    Missing stays missing. The result is a column of objects; cast it to what it holds.

    Examples
    --------
    >>> mapped(pd.Series(["a", None, "a"], dtype="str"), str.upper).tolist()
    ['A', None, 'A']
    """
    codes, distinct = pd.factorize(text)
    table = np.empty(len(distinct) + 1, dtype=object)
    table[:-1] = [translate(value) for value in distinct]
    table[-1] = None
    return pd.Series(table[codes], index=text.index, dtype=object, name=text.name)


def words(text: pd.Series, translate: Callable[[str], str | None]) -> pd.Series:
    """Return what `translate` makes of each cell as text, missing where it makes nothing.

    Examples
    --------
    >>> words(pd.Series(["1", "9"], dtype="str"), {"1": "exact"}.get).tolist()
    ['exact', nan]
    """
    codes, distinct = pd.factorize(text)
    table = pd.array([*map(translate, distinct), None], dtype="str")
    return pd.Series(table.take(codes), index=text.index, name=text.name)


def ranks(text: pd.Series, rank: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """Return the rank of each cell, NaN where it has none.

    Examples
    --------
    >>> ranks(pd.Series(["month", None, "day"], dtype="str"), {"day": 0, "month": 2})
    array([ 2., nan,  0.])
    """
    codes, distinct = pd.factorize(text)
    table = np.array([*(rank.get(word, np.nan) for word in distinct), np.nan])
    found: npt.NDArray[np.float64] = table[codes]
    return found


def code(text: str) -> int | None:
    """Return a whole number such as ``1``, ``01`` or ``1.0``, or None.

    Examples
    --------
    >>> code("1.0"), code("1.5"), code("one")
    (1, None, None)
    """
    whole, dot, rest = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 15 or rest.strip("0"):
        return None
    return int(whole) if not dot or rest.strip("0") == "" else None


def mask_of(claim: pd.Series) -> Mask:
    """Return a column of claims as an array, false where it is missing."""
    return np.asarray(claim.fillna(value=False), dtype=bool)


def missing(index: pd.Index) -> pd.Series:
    """Return a column of missing text.

    Examples
    --------
    >>> missing(pd.RangeIndex(2)).tolist()
    [nan, nan]
    """
    return pd.Series([None] * len(index), index=index, dtype="str")
