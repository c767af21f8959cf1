"""The forms that a date is written in, and the day that each of them states."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.sources.numbers import plain

Days = npt.NDArray[np.datetime64]

MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero", "febr"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names}

_TIME = (
    r"(?:[T ,]\s*(?P<hour>[0-9]{1,2}):[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"\s*(?:[AaPp]\.?\s?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY_NAME = r"(?:[^\W\d_]{3,10}\.?,?\s+)?"
_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
FORMS = {
    "iso": r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})" + _TIME,
    "compact": r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    "triple": r"(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4}|[0-9]{2})" + _TIME,
    "named": _DAY_NAME
    + r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|º|°)?[-/. ]+(?:de\s+)?"
    + _NAME
    + r"[-/., ]+(?:(?:de|del)\s+)?(?P<y>[0-9]{4}|[0-9]{2})"
    + _TIME,
    "named first": _DAY_NAME
    + _NAME
    + r"\s+(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{4})"
    + _TIME,
    "month": _NAME + r"[-/., ]+(?:(?:de|del)\s+)?(?P<y>[0-9]{4}|[0-9]{2})",
    "iso month": r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})",
    "week": r"(?P<y>[0-9]{4})-?W(?P<w>[0-9]{2})(?:-?(?P<n>[1-7]))?",
    "serial": r"(?P<serial>[0-9]{5}(?:\.[0-9]+)?)",
    "seconds": r"(?P<seconds>[0-9]{9,10})(?:\.[0-9]+)?",
    "milliseconds": r"(?P<seconds>[0-9]{12,13})",
}
NUMBERS = ("serial", "seconds", "milliseconds")
WORDS = {
    "compact": "days written as 20240909",
    "named": "days with the name of the month",
    "named first": "days with the name of the month first",
    "month": "months without a day: taken as the first of the month, known to the month",
    "iso month": "months without a day: taken as the first of the month, known to the month",
    "week": "ISO weeks: taken as their Monday, known to the week",
    "serial": "serial numbers of a spreadsheet, counted from 1899-12-30",
    "seconds": "seconds since 1970: the day in UTC is taken",
    "milliseconds": "milliseconds since 1970: the day in UTC is taken",
}


def day_of(parts: pd.DataFrame, form: str) -> Days:
    """Return the days of values of one form, NaT where there is no such day."""
    if form == "serial":
        return np.datetime64("1899-12-30") + _days(plain(parts["serial"]))
    if form in ("seconds", "milliseconds"):
        scale = 86_400_000 if form == "milliseconds" else 86_400
        return np.datetime64("1970-01-01") + _days(plain(parts["seconds"]) / scale)
    year = four_digits(plain(parts["y"]).astype(np.int64), parts["y"])
    if form == "week":
        return _iso_week(year, plain(parts["w"]), plain(parts["n"].fillna("1")))
    day = plain(parts["d"]).astype(np.int64) if "d" in parts else np.ones(len(parts), np.int64)
    return calendar(year, plain(parts["m"]).astype(np.int64), day)


def _days(number: npt.NDArray[np.float64]) -> npt.NDArray[np.timedelta64]:
    return np.floor(number).astype(np.int64).astype("timedelta64[D]")


def month_name(number: int) -> str:
    """Return the English name of a month, whatever the language of the machine."""
    return MONTHS[number - 1][0].capitalize()


def four_digits(year: npt.NDArray[np.int64], written: pd.Series) -> npt.NDArray[np.int64]:
    """Return years with their century: 00 to 69 are after 2000, 70 to 99 before."""
    short = written.str.len().to_numpy() == 2
    return np.where(short, np.where(year < 70, 2000 + year, 1900 + year), year)


def calendar(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> Days:
    """Return days of the calendar, NaT where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> one = lambda number: np.array([number])
    >>> calendar(one(2024), one(2), one(29))
    array(['2024-02-29'], dtype='datetime64[D]')
    >>> calendar(one(2023), one(2), one(29))
    array(['NaT'], dtype='datetime64[D]')
    """
    good = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    months = ((np.where(good, year, 1970) - 1970) * 12 + np.where(good, month, 1) - 1).astype(
        "datetime64[M]"
    )
    found = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    same_month = found.astype("datetime64[M]") == months
    return np.where(good & same_month, found, np.datetime64("NaT", "D"))


def _iso_week(
    year: npt.NDArray[np.int64], week: npt.NDArray[np.float64], weekday: npt.NDArray[np.float64]
) -> Days:
    """Return a day of an ISO week, NaT where the year has no such week."""
    n = np.full(len(year), 1, dtype=np.int64)
    fourth = calendar(year, n, n + 3)
    # 1970-01-01 was a Thursday: days since then plus 3, modulo 7, count from Monday.
    monday = fourth - ((fourth.astype(np.int64) + 3) % 7).astype("timedelta64[D]")
    first = monday + (7 * (week - 1)).astype(np.int64).astype("timedelta64[D]")
    thursday = first + np.timedelta64(3, "D")
    good = thursday.astype("datetime64[Y]").astype(np.int64) + 1970 == year
    day = first + (weekday - 1).astype(np.int64).astype("timedelta64[D]")
    return np.where(good, day, np.datetime64("NaT", "D"))
