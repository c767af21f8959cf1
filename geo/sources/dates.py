"""Dates written as text, in the forms that exports, spreadsheets and people give them.

The form is decided by the whole column. A value that has one reading only is read whatever its
neighbors look like; where day and month can be told apart by no row, or by rows that contradict
one another, the file is refused and the user asked. The date is the one that is written: a time
and its zone are left out and never move an event to another day. Two-digit years are 2000 to 2069
or 1970 to 1999.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cvegeo import fold
from geo.errors import SourceError, counted
from geo.sources.cells import Mask, mask_of, stated
from geo.sources.date_forms import (
    FORMS,
    MONTH_OF,
    NUMBERS,
    WORDS,
    Days,
    calendar,
    day_of,
    four_digits,
    month_name,
)
from geo.sources.decisions import Decisions, Order
from geo.sources.numbers import plain
from geo.sources.remarks import Count, Remark

EARLIEST, LATEST = np.datetime64("1900-01-01"), np.datetime64("2099-12-31")
"""Bounds of a believable date where the source has no narrower ones."""

_DAY_FIRST, _MONTH_FIRST = "day/month/year", "month/day/year"


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """The dates of a column.

    ``day`` is NaT exactly where ``reason`` says why: ``no_date``, ``unreadable_date``,
    ``impossible_date`` or ``date_out_of_range``. ``precision`` is how fine the text itself is:
    ``day``, ``week`` or ``month``. ``order`` and ``has_numbers`` are what the column decided
    (:class:`~geo.sources.decisions.Decisions`), and ``is_open`` says whether another part of the
    column might decide it otherwise.
    """

    day: pd.Series
    reason: pd.Series
    precision: pd.Series
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]
    order: Order | None = None
    has_numbers: bool = False
    is_open: bool = False


def read_dates(
    text: pd.Series,
    *,
    column: str,
    order: Order | None = None,
    earliest: np.datetime64 = EARLIEST,
    latest: np.datetime64 = LATEST,
    lines: Callable[[Mask], str] | None = None,
    settled: Decisions | None = None,
) -> Dates:
    """Return the day that each cell of a column of dates states.

    Parameters
    ----------
    text
        The cells.
    column
        Name of the column, for messages.
    order
        ``"dmy"`` or ``"mdy"`` where numbers such as 03/04/2024 do not tell day from month.
    earliest, latest
        First and last believable day; what lies outside is ``date_out_of_range``.
    lines
        Says where some rows are, for messages.
    settled
        What the whole column decides, where `text` is a part of it.

    Raises
    ------
    SourceError
        Day and month cannot be told apart: by no row, or rows contradict one another.

    Examples
    --------
    >>> cells = pd.Series(["2024-09-09", "3 de septiembre de 2024", "31-12-19"], dtype="str")
    >>> read_dates(cells, column="fecha").day.dt.strftime("%Y-%m-%d").tolist()
    ['2024-09-09', '2024-09-03', '2019-12-31']
    >>> read_dates(pd.Series(["2023-02-31"], dtype="str"), column="fecha").reason.tolist()
    ['impossible_date']
    >>> read_dates(pd.Series(["03/04/2024"], dtype="str"), column="fecha")
    Traceback (most recent call last):
    ...
    geo.errors.SourceError: column 'fecha': 03/04/2024 may be 3 April or March 4, and no other
    date tells which (1 date of this form); say which with date_order="dmy" (day first) or
    date_order="mdy" (month first)
    """
    codes, distinct = pd.factorize(stated(text))
    values = pd.Series(distinct, dtype="str")
    # The last place is that of the cells without a value, whose code is -1.
    rows = np.bincount(codes + 1, minlength=len(values) + 1)[1:]
    found = _Reading(values, rows)

    def where(which: Mask) -> str:
        chosen = np.append(which, False)[codes]
        return f" ({lines(chosen)})" if lines else ""

    found.read_all()
    is_open = False
    if settled is not None:
        triples = order is None and bool(found.is_form("triple").any())
        is_open = triples or bool(found.is_form(*NUMBERS).any())
        order = order or settled.order or "dmy"
    order = found.read_triples(column, order, (earliest, latest), where)
    has_numbers = found.has_numbers() if settled is None else settled.has_numbers
    if not has_numbers:
        found.drop_numbers()
    day, reason = found.judged(earliest, latest)
    precision = np.where(found.is_form("month", "iso month"), "month", "day").astype(object)
    precision[found.is_form("week") & ~found.weekday] = "week"
    return Dates(
        day=pd.Series(np.append(day, np.datetime64("NaT"))[codes], index=text.index),
        reason=pd.Series(np.append(reason, "no_date")[codes], index=text.index, dtype="str"),
        precision=pd.Series(np.append(precision, "day")[codes], index=text.index, dtype="str"),
        repairs=tuple(found.repairs(column)),
        warnings=tuple(found.warnings(column)),
        order=order,
        has_numbers=has_numbers,
        is_open=bool(is_open),
    )


class _Reading:
    """The distinct values of one column while their form is being found."""

    def __init__(self, values: pd.Series, rows: npt.NDArray[np.int64]) -> None:
        n = len(values)
        self.values, self.rows = values, rows
        self.form = np.full(n, None, dtype=object)
        self.day: Days = np.full(n, "NaT", dtype="datetime64[D]")
        self.shifted = np.zeros(n, dtype=bool)
        self.zoned = np.zeros(n, dtype=bool)
        self.weekday = np.zeros(n, dtype=bool)
        self.order: str | None = None
        self.order_rows = 0

    def is_form(self, *names: str) -> Mask:
        return np.isin(self.form.astype("U"), names)

    def read_all(self) -> None:
        """Find the form of each value, and its day where the value alone gives it."""
        for form, pattern in FORMS.items():
            left = np.flatnonzero(self.form == None)  # noqa: E711
            matched = self.values.iloc[left].str.fullmatch(pattern)
            place = left[mask_of(matched)]
            if not len(place):
                continue
            parts = self.values.iloc[place].str.extract(f"^{pattern}$")
            if "name" in parts:
                month = parts["name"].map(lambda name: MONTH_OF.get(fold(name), 0))
                known = month.to_numpy() > 0
                place, parts = place[known], parts[known].assign(m=month[known].astype("str"))
            self.form[place] = form
            if form != "triple":
                self.day[place] = day_of(parts, form)
            self.note_times(place, parts)
            if form == "week":
                self.weekday[place] = parts["n"].notna().to_numpy()

    def note_times(self, place: npt.NDArray[np.intp], parts: pd.DataFrame) -> None:
        """Remember which times carry a zone, and which are still the day before in Mexico."""
        if "seconds" in parts:
            scale = np.where(self.is_form("milliseconds")[place], 1000, 1)
            second = (plain(parts["seconds"]) // scale) % 86_400
            self.shifted[place] = (second > 0) & (second < 6 * 3600)
        elif "zone" in parts:
            self.zoned[place] = parts["zone"].notna().to_numpy()
            utc = mask_of(parts["zone"].str.fullmatch(r"[Zz]|UTC|GMT|[+-]00:?00"))
            self.shifted[place] = utc & (plain(parts["hour"]) < 6)

    def read_triples(
        self,
        column: str,
        order: Order | None,
        bounds: tuple[np.datetime64, np.datetime64],
        where: Callable[[Mask], str],
    ) -> Order | None:
        """Read numbers such as 03/04/2024, once the column has shown what comes first."""
        place = np.flatnonzero(self.form == "triple")
        if not len(place):
            return None
        parts = self.values.iloc[place].str.extract(f"^{FORMS['triple']}$")
        a, b, year = (plain(parts[name]).astype(np.int64) for name in ("a", "b", "y"))
        year = four_digits(year, parts["y"])
        readings = {"dmy": calendar(year, b, a), "mdy": calendar(year, a, b)}
        if order is None:
            order = self._order(place, readings, column, bounds, where)
        self.day[place] = readings[order]
        self.order = _DAY_FIRST if order == "dmy" else _MONTH_FIRST
        self.order_rows = int(self.rows[place].sum())
        return order

    def _order(
        self,
        place: npt.NDArray[np.intp],
        readings: dict[str, Days],
        column: str,
        bounds: tuple[np.datetime64, np.datetime64],
        where: Callable[[Mask], str],
    ) -> Order:
        good = {
            name: (day >= bounds[0]) & (day <= bounds[1])  # NaT compares false
            for name, day in readings.items()
        }
        only = {"dmy": good["dmy"] & ~good["mdy"], "mdy": good["mdy"] & ~good["dmy"]}
        n = {name: int(self.rows[place][which].sum()) for name, which in only.items()}
        both = good["dmy"] & good["mdy"] & (readings["dmy"] != readings["mdy"])
        if not n["dmy"] and not n["mdy"] and not both.any():
            return "dmy"  # 05/05/2024 and impossible ones: the order does not matter
        if bool(n["dmy"]) != bool(n["mdy"]):
            return cast(Order, max(n, key=lambda name: n[name]))
        cure = 'say which with date_order="dmy" (day first) or date_order="mdy" (month first)'
        ambiguous = int(self.rows[place][both].sum())
        if not n["dmy"]:
            first = self._example(place, both)
            one = readings["dmy"][both][0].item()
            raise SourceError(
                f"column {column!r}: {first} may be {one.day} {month_name(one.month)} or "
                f"{month_name(one.day)} {one.month}, and no other date tells which "
                f"({counted(ambiguous, 'date')} of this form); {cure}"
            )
        spots = {name: where(self._spread(place, which)) for name, which in only.items()}
        raise SourceError(
            f"column {column!r} mixes day first and month first: "
            f"{counted(n['dmy'], 'date')} can only be day first, such as "
            f"{self._example(place, only['dmy'])}{spots['dmy']}; "
            f"{n['mdy']:,} only month first, such as "
            f"{self._example(place, only['mdy'])}{spots['mdy']}; "
            f"{ambiguous:,} may be either. Mend the file, or {cure}: those that do not fit are "
            "then set aside"
        )

    def _spread(self, place: npt.NDArray[np.intp], which: Mask) -> Mask:
        spread = np.zeros(len(self.values), dtype=bool)
        spread[place[which]] = True
        return spread

    def _example(self, place: npt.NDArray[np.intp], which: Mask) -> str:
        return str(self.values.iloc[place[which][0]])

    def has_numbers(self) -> bool:
        """Return whether most of the column's dates are bare numbers, so that these are dates."""
        number = self.is_form(*NUMBERS)
        known = self.form != None  # noqa: E711
        return bool(2 * self.rows[number].sum() >= self.rows[known].sum())

    def drop_numbers(self) -> None:
        """Take no bare number for a date."""
        number = self.is_form(*NUMBERS)
        self.form[number] = None
        self.day[number] = np.datetime64("NaT")
        self.shifted[number] = False

    def judged(self, earliest: np.datetime64, latest: np.datetime64) -> tuple[Days, Days]:
        """Return the days that can be believed, and what is wrong with the others."""
        reason = np.full(len(self.day), None, dtype=object)
        reason[self.form == None] = "unreadable_date"  # noqa: E711
        reason[(self.form != None) & np.isnat(self.day)] = "impossible_date"  # noqa: E711
        outside = ~np.isnat(self.day) & ~((self.day >= earliest) & (self.day <= latest))
        reason[outside] = "date_out_of_range"
        day = self.day.copy()
        day[outside] = np.datetime64("NaT")
        return day.astype("datetime64[us]"), reason

    def repairs(self, column: str) -> list[str]:
        """Return what the user should know of how the column was read."""
        said: list[str] = []
        if self.order:
            dated = Count(self.order_rows, "date")
            said.append(
                Remark("{column}: {n} read as {order}", column=column, n=dated, order=self.order)
            )
        for form, words in WORDS.items():
            if n := int(self.rows[self.is_form(form)].sum()):
                form = "{column}: {n} given as {words}"
                said.append(Remark(form, column=column, n=Count(n, "date"), words=words))
        if n := int(self.rows[self.zoned].sum()):
            form = "{column}: {n} with a time zone; the day is taken as written"
            said.append(Remark(form, column=column, n=Count(n, "date")))
        return said

    def warnings(self, column: str) -> list[str]:
        """Return what weakens the dates."""
        n = int(self.rows[self.shifted & ~np.isnat(self.day)].sum())
        if not n:
            return []
        return [
            Remark(
                "{column}: {n} in UTC and before 06:00, when it was still the day before in most "
                "of Mexico; the day is taken as written",
                column=column,
                n=Count(n, "time"),
            )
        ]
