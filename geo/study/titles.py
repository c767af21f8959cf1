"""The title of a study, and the sentence that sums it up, in English and Spanish."""

from __future__ import annotations

import math

import pandas as pd

from geo.cvegeo import EVERYDAY_NAMES, Level
from geo.periods import Window
from geo.sources import boundaries
from geo.study.asked import asked_in
from geo.study.phrases.change import COUNTS
from geo.study.settings import Language, Study

MADE_UP = {"en": "MADE-UP DATA", "es": "DATOS INVENTADOS"}

_TITLE = {
    "en": "Events and rates in Mexico",
    "es": "Eventos y tasas en México",
}
_AGAINST = {
    "en": "{place}: {comparison} against {base}",
    "es": "{place}: {comparison} frente a {base}",
}
_COUNTRY = {"en": "Mexico", "es": "México"}


def title_of(study: Study, focus: str | None, *, language: Language, made_up: bool) -> str:
    """Return the title: the user's own, else made of focus, windows and the words of a query.

    A title of made-up data says so first.

    Examples
    --------
    >>> study = Study(events=("a.csv",), base="2023", comparison="2024")
    >>> title_of(study, "25", language="en", made_up=True)
    'MADE-UP DATA - Sinaloa: 2024 against 2023'
    """
    title = study.title
    asked = asked_in(study.filters)
    words = "" if asked is None else str(getattr(asked, language))
    if not title and study.windows:
        place = area_name(focus) if focus else _COUNTRY[language]
        title = _AGAINST[language].format(
            place=place, base=study.windows[0].label, comparison=study.windows[1].label
        )
        title = f"{title} ({words})" if words else title
    elif not title and words:
        title = words[0].upper() + words[1:]
    title = title or _TITLE[language]
    return f"{MADE_UP[language]} - {title}" if made_up else title


def area_name(code: str) -> str:
    """Return the name of an area, a municipality with its state.

    The state whose official name is that of the country is called by its everyday one.

    Examples
    --------
    >>> area_name("25"), area_name("25006"), area_name("15")
    ('Sinaloa', 'Culiacán, Sinaloa', 'Estado de México')
    """
    level: Level = "state" if len(code) == 2 else "municipality"
    row = boundaries.area_codes(level).set_index("cvegeo").loc[code]
    state = EVERYDAY_NAMES["15"] if code[:2] == "15" else str(row["state_name"])
    return state if level == "state" else f"{row['name']}, {state}"


def change_sentence(
    row: pd.Series, name: str, *, base: str, comparison: str, language: Language = "en"
) -> str:
    """Return what a row of a ``CHANGE`` table says, with counts, rates and intervals.

    The first interval allows for months that differ more than chance would have them
    (quasi-Poisson); where the windows have too few months for it, the exact one of independent
    events stands alone.

    Examples
    --------
    >>> row = pd.Series({"base_events": 10, "comparison_events": 25, "base_rate": 1.0,
    ...     "comparison_rate": 2.5, "rate_ratio": 2.5, "ratio_low": 1.16, "ratio_high": 5.83,
    ...     "quasi_low": 1.02, "quasi_high": 6.11})
    >>> change_sentence(row, "Sinaloa", base="2023", comparison="2024")
    'Sinaloa: 10 events in 2023, 25 in 2024 (2.50 times as many); 1.00 and 2.50 per 100,000
    person-years: 2.50 times (+150 %; 95 % interval 1.02-6.11 as months vary, 1.16-5.83 if events
    were independent)'

    Counts are only put in proportion where both windows are equally long.
    """
    words = _WORDS[language]
    counts = COUNTS.say(
        language,
        name=name,
        base=base,
        comparison=comparison,
        before=int(row["base_events"]),
        after=int(row["comparison_events"]),
    )
    if row["base_events"] and _equally_long(base, comparison):
        counts += words["fold"].format(fold=row["comparison_events"] / row["base_events"])
    ratio, low, high = (float(row[c]) for c in ("rate_ratio", "ratio_low", "ratio_high"))
    if math.isnan(ratio):
        return f"{counts}; {words['undefined']}"
    rates = words["rates"].format(before=row["base_rate"], after=row["comparison_rate"])
    if math.isinf(ratio):
        return f"{counts}; {rates}: {words['infinite'].format(low=low)}"
    percent = round(100 * (ratio - 1))  # a whole number has no -0
    quasi = [float(row[c]) for c in ("quasi_low", "quasi_high")]
    kind = "exact" if any(map(math.isnan, quasi)) else "both"
    interval = words[kind].format(low=low, high=high, first=quasi[0], last=quasi[1])
    share = words["ratio"].format(ratio=ratio, percent=percent, interval=interval)
    return f"{counts}; {rates}: {share}"


def _equally_long(base: str, comparison: str) -> bool:
    return math.isclose(Window.parse(base).years, Window.parse(comparison).years)


_WORDS = {
    "en": {
        "rates": "{before:.2f} and {after:.2f} per 100,000 person-years",
        "fold": " ({fold:.2f} times as many)",
        "ratio": "{ratio:.2f} times ({percent:+.0f} %; 95 % interval {interval})",
        "both": "{first:.2f}-{last:.2f} as months vary, {low:.2f}-{high:.2f} if events were "
        "independent",
        "exact": "{low:.2f}-{high:.2f} if events were independent",
        "infinite": "at least {low:.2f} times (95 %), no event before",
        "undefined": "no ratio: no event in either, or no population",
    },
    "es": {
        "rates": "{before:.2f} y {after:.2f} por 100,000 personas-año",
        "fold": " ({fold:.2f} veces)",
        "ratio": "{ratio:.2f} veces ({percent:+.0f} %; intervalo de 95 % {interval})",
        "both": "{first:.2f}-{last:.2f} según varían los meses, {low:.2f}-{high:.2f} si los "
        "eventos fueran independientes",
        "exact": "{low:.2f}-{high:.2f} si los eventos fueran independientes",
        "infinite": "al menos {low:.2f} veces (95 %), ningún evento antes",
        "undefined": "sin razón: ningún evento en ambas, o sin población",
    },
}
