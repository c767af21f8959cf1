"""What a picture says in words: numbers, classes, windows and the lines under it.

The words are those of the page, and so are the rules by which its scripts put them together; a
picture has no dialog to open, so all that must be said stands under it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import pandas as pd

from geo import periods
from geo.attribution import LEAFLET, called
from geo.render.mapdata import LeftOut, Level, MapData, Period
from geo.render.page import reason_words
from geo.render.paint import Paint
from geo.render.text import Language, clean
from geo.render.timed import RATIO_BOUNDS
from geo.render.words import say, say_day, words

LONGEST_LINE = 2_000
"""Characters of a line under a picture; the rest is cut with a mark."""


def whole(number: float) -> str:
    """Return a whole number; Mexican Spanish groups by commas, as English does.

    Examples
    --------
    >>> whole(12037)
    '12,037'
    """
    return f"{number:,.0f}"


def bound(value: float) -> str:
    """Return a bound of a class, in full.

    Examples
    --------
    >>> bound(2.5), bound(1000.0)
    ('2.5', '1,000')
    """
    return f"{value:,.12g}" if abs(value) < 1e12 else f"{value:g}"


def class_name(language: Language, paint: Paint, at: int) -> str:
    """Return what a class is called in the legend.

    Examples
    --------
    >>> from geo.render.mapdata import MEASURES
    >>> from geo.stats.breaks import ClassBreaks
    >>> breaks = ClassBreaks(bounds=(0, 2, 5), zero_class=True, whole=True)
    >>> paint = Paint(MEASURES[0], ("#ffffff", "#888888", "#000000"), breaks)
    >>> [class_name("en", paint, at) for at in range(3)]
    ['0', '1–2', '3–5']
    """
    if paint.breaks is None:
        return say(language, f"bin.{at - 3}")
    say_bound = percent if paint.measure.key == "share" else bound
    low, high = paint.breaks.intervals[at]
    if low == high:
        return say_bound(high)
    includes_low = at == 0 and not paint.breaks.zero_class
    first = low
    if paint.breaks.whole:
        first = low if includes_low else low + 1
        if first == high:
            return say_bound(high)
    is_range = paint.breaks.whole or includes_low
    key = "range" if is_range else "upTo" if low == 0 else "above"
    return say(language, f"class.{key}", low=say_bound(first), high=say_bound(high))


def percent(share: float) -> str:
    """Return a share as a percentage.

    Examples
    --------
    >>> percent(0.2), percent(0.025), percent(0)
    ('20 %', '2.5 %', '0 %')
    """
    return f"{100 * share:.{1 if 0 < share < 0.1 else 0}f} %"


def ratio_name(language: Language, at: int) -> str:
    """Return what a class of change is called.

    Examples
    --------
    >>> ratio_name("en", 0), ratio_name("en", 3)
    ('up to 0.25 times', '> 0.8–1.25 times: much the same')
    """
    if at == 0:
        return say(language, "class.timesUpTo", high=bound(RATIO_BOUNDS[0]))
    if at == len(RATIO_BOUNDS):
        return say(language, "class.timesAbove", low=bound(RATIO_BOUNDS[-1]))
    low, high = RATIO_BOUNDS[at - 1 : at + 1]
    return _range(language, "timesSame" if low < 1 < high else "times", low, high)


def _range(language: Language, key: str, low: float, high: float) -> str:
    return say(language, f"class.{key}", low=bound(low), high=bound(high))


def number_of(language: Language, key: str, number: int) -> str:
    """Return words for a number of things.

    Examples
    --------
    >>> number_of("en", "caption.events", 1), number_of("es", "caption.events", 2000)
    ('1 event', '2,000 eventos')
    """
    return say(language, f"{key}.{'one' if number == 1 else 'other'}", n=whole(number))


def month_name(language: Language, label: str) -> str:
    """Return the name of a month.

    Examples
    --------
    >>> month_name("es", "2024-09")
    'sep 2024'
    """
    return f"{words(language)['months'].split()[int(label[5:7]) - 1]} {label[:4]}"


def span_name(language: Language, first: str, last: str) -> str:
    """Return the name of a window of months, from its first and last.

    Examples
    --------
    >>> span_name("en", "2023-01", "2023-12"), span_name("en", "2023-09", "2024-02")
    ('2023', 'Sep 2023 to Feb 2024')
    """
    if first.endswith("-01") and last == f"{first[:4]}-12":
        return first[:4]
    if first == last:
        return month_name(language, last)
    fills = {"first": month_name(language, first), "last": month_name(language, last)}
    return say(language, "window.twoYears", **fills)


def days_name(language: Language, start: str, end: str) -> str:
    """Return the name of the days from one on, until before another.

    Examples
    --------
    >>> days_name("en", "2024-01-01", "2025-01-01"), days_name("en", "2024-09-09", "2024-12-01")
    ('2024', 'Sep 9, 2024 – Nov 30, 2024')
    """
    last = (dt.date.fromisoformat(end) - dt.timedelta(days=1)).isoformat()
    if start.endswith("-01") and end.endswith("-01"):
        return span_name(language, start[:7], last[:7])
    days = {"first": say_day(language, start), "last": say_day(language, last)}
    return say(language, "period.days", **days)


_WINDOW = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})\Z")


def window_name(language: Language, label: str) -> str:
    """Return the name of a window that a user gave: its label, days spelled out.

    Examples
    --------
    >>> window_name("en", "2023-09-09/2023-12-31"), window_name("en", "2024-09")
    ('Sep 9, 2023 – Dec 31, 2023', 'Sep 2024')
    """
    if found := _WINDOW.match(label):
        first, last = (say_day(language, day) for day in found.groups())
        return say(language, "period.days", first=first, last=last)
    return period_name(language, label)


def period_name(language: Language, label: str) -> str:
    """Return the name of a period: its label, spelled out.

    Examples
    --------
    >>> period_name("es", "2024-Q3"), period_name("en", "2024-W07"), period_name("en", "2024")
    ('Trimestre 3 de 2024', 'Week 7 of 2024', '2024')
    """
    if found := re.match(r"(\d{4})-Q([1-4])\Z", label):
        return say(language, "period.quarter", quarter=found[2], year=found[1])
    if found := re.match(r"(\d{4})-W(\d{2})\Z", label):
        return say(language, "period.week", week=int(found[2]), year=found[1])
    if re.match(r"\d{4}-\d{2}-\d{2}\Z", label):
        return say(language, "period.weekOf", day=say_day(language, label))
    if re.match(r"\d{4}-\d{2}\Z", label):
        return month_name(language, label)
    return clean(label)


def period_days(language: Language, period: Period) -> str:
    """Return the first and the last day of a period."""
    last = period.end - dt.timedelta(days=1)
    days = (say_day(language, day.isoformat()) for day in (period.start, last))
    return say(language, "period.days", **dict(zip(("first", "last"), days, strict=True)))


def shown_line(data: MapData, language: Language, events: int) -> str:
    """Return which period is shown, and how many events are on the map."""
    line = say(
        language,
        "caption.shown",
        period=period_name(language, data.period.label),
        days=period_days(language, data.period),
        events=number_of(language, "caption.events", events),
    )
    return line if data.period.complete else f"{line} {say(language, 'note.incomplete')}"


def counted_in(language: Language, period: str, days: tuple[dt.date, dt.date], events: int) -> str:
    """Return which days are shown, until before the second, and how many events fell into them."""
    start, end = days
    last = end - dt.timedelta(days=1)
    named = (say_day(language, day.isoformat()) for day in (start, last))
    return say(
        language,
        "caption.shown",
        period=period,
        days=say(language, "period.days", **dict(zip(("first", "last"), named, strict=True))),
        events=number_of(language, "caption.events", events),
    )


def counted_line(data: MapData, language: Language, level: Level) -> str:
    """Return how many events count at a level, how many are left out, and why."""
    account = data.account
    states = level == "state"
    line = say(
        language,
        f"caption.counted.{level}",
        counted=whole(account.for_state if states else account.for_municipality),
        used=whole(account.used),
    )
    left_out = account.state_left_out if states else account.municipality_left_out
    return f"{line} {left_out_line(language, left_out)}" if left_out else line


def left_out_line(language: Language, left_out: Sequence[LeftOut]) -> str:
    """Return how many events are left out, and why.

    Examples
    --------
    >>> left_out_line("en", [LeftOut("offshore", 2)])
    'Left out: 2 (2 at sea, more than 2 km from the coast).'
    """
    reasons = (f"{whole(one.number)} {reason_words(one.reason, language)}" for one in left_out)
    number = sum(one.number for one in left_out)
    return say(language, "caption.leftOut", number=whole(number), reasons="; ".join(reasons))


def source_line(data: MapData, language: Language) -> str:
    """Return the filters, whose data these are, and when they were fetched."""
    filters = "; ".join(text[language] for text in data.filters)
    day = data.accessed or say(language, "caption.notStated")
    return " ".join(
        [
            say(language, "caption.filters", filters=filters or say(language, "caption.none")),
            say(language, "caption.source", source=clean(called(data.source, language))),
            say(language, "caption.accessed", day=clean(say_day(language, day))),
        ]
    )


_OF_RATES = ("smoothed", "hotspots", "outliers", "emerging")
_METHODS = {
    "assign": ("count", "rate", *_OF_RATES, "change", "share", "density", "series"),
    "gate": ("count", "rate", *_OF_RATES, "change", "share"),
    "rate": ("rate", *_OF_RATES, "change"),
    "interval": (),
    "smoothed": _OF_RATES,
    "hotspots": ("hotspots",),
    "hotspotsAnalytic": ("hotspots",),
    "population": ("rate", *_OF_RATES, "change"),
}
"""Which sentences of a study's method belong under a picture of which measure."""

_OF_MUNICIPALITIES = ("gate", "population")


def method_line(
    data: MapData,
    language: Language,
    measure: str,
    *,
    level: Level = "state",
    without: Sequence[str] = (),
) -> str:
    """Return how the numbers of a measure were made; sentences of the user's own all stand.

    Parameters
    ----------
    data, language, measure
        The description, the language, and what is drawn: a measure, or ``"series"``.
    level
        The areas that are drawn.
    without
        Sentences that are no method, as warnings are; they are said elsewhere.
    """
    keys = [_key(text.en) for text in data.method]
    said = [
        text[language]
        for text, key in zip(data.method, keys, strict=True)
        if text.en not in without
        and measure in _METHODS.get(key, (measure,))
        and (level == "municipality" or key not in _OF_MUNICIPALITIES)
    ]
    return say(language, "static.method", method=" ".join(said)) if said else ""


def _key(sentence: str) -> str:
    """Return which sentence of a study's method this is, whatever numbers it holds."""
    for key in _METHODS:
        parts = map(re.escape, re.split(r"\{\w+\}", words("en")[f"method.{key}"]))
        if re.fullmatch(r"\S+".join(parts), sentence):
            return key
    return ""


def credit_line(data: MapData, language: Language) -> str:
    """Return who must be named. The map library is in no picture, so it is not."""
    lines = [
        clean(credit.line(language, accessed=data.accessed)).rstrip(".")
        for credit in data.credits
        if credit.key != LEAFLET.key
    ]
    return f"{say(language, 'about.credits')}: {' · '.join(dict.fromkeys(lines))}" if lines else ""


def one_line(text: object) -> str:
    r"""Return text without line breaks, cut where it is too long for a line under a picture.

    Examples
    --------
    >>> one_line("a\n b\tc")
    'a b c'
    """
    return clean(" ".join(str(text).split()), LONGEST_LINE)


def day_place(day: dt.date, months: Sequence[str]) -> float:
    """Return where a day lies among months: 0 is the beginning of the first.

    A day before them has -1, one after them one more than there are months.

    Examples
    --------
    >>> [day_place(dt.date(2024, month, 15), ["2024-02", "2024-03"]) for month in (1, 2, 6)]
    [-1.0, 0.4827586206896552, 3.0]
    """
    moment = pd.Timestamp(day)
    bounds = [periods.bounds(label) for label in months]
    if moment < bounds[0][0]:
        return -1.0
    for at, (start, end) in enumerate(bounds):
        if start <= moment < end:
            return float(at + (moment - start) / (end - start))
    return float(len(months) + (moment > bounds[-1][1]))
