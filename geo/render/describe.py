"""From the results of a study to the description of its map: which period, which classes, words.

No number is computed here; they come from the study as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import periods
from geo.attribution import LEAFLET
from geo.errors import SettingsError
from geo.render.mapdata import (
    HOTSPOT_COLUMNS,
    LEVELS,
    NUMBERS,
    Account,
    LeftOut,
    Level,
    LevelData,
    MapData,
    Period,
)
from geo.render.text import LANGUAGES, Text
from geo.render.timed import Timed
from geo.render.words import say, say_day, words
from geo.stats.breaks import make_breaks
from geo.steps.reach import EVERYWHERE, Reach
from geo.study.asked import PARTIAL, asked_in, other_filters, reach_in
from geo.study.days import used_days
from geo.study.results import Results
from geo.study.titles import title_of

__all__ = ["Account", "LeftOut", "LevelData", "MapData", "Period", "describe"]

_SHOWN = ("cvegeo", "name", "state_name", "events", *NUMBERS, "reliable")


def describe(results: Results) -> MapData:
    """Return what the map of a study says.

    It shows the latest period that the data cover wholly, or the latest of all if they cover none
    wholly; the page says so then.

    Raises
    ------
    SettingsError
        The study has no period.
    """
    measures = {level: results.tables[f"measures_{level}"] for level in LEVELS}
    period = latest_period(measures["state"])
    hotspots = results.tables.get("hotspots_municipality")
    reach = reach_of(results)
    return MapData(
        title=_title(results),
        subtitle=_subtitle(results),
        period=period,
        levels={
            level: level_data(
                measures[level],
                period.label,
                hotspots if level == "municipality" else None,
                reach,
            )
            for level in LEVELS
        },
        account=account_of(results.tables["account"]),
        permutations=results.settings.permutations,
        source=results.facts.source,
        accessed=results.settings.accessed,
        made_up=results.made_up,
        filters=filters_in_words(results.settings.filters),
        method=_method(results),
        credits=(*results.credits, LEAFLET),
        manifest=results.manifest,
        timed=timed_of(results),
        focus=results.focus,
        reach=reach,
    )


def reach_of(results: Results) -> Reach:
    """Return which areas a study asks for in part, and which not at all."""
    tables = [results.tables[f"measures_{level}"] for level in LEVELS]
    counted = {code for table in tables for code in table["cvegeo"][table["events"] > 0].unique()}
    return reach_in(results.settings.filters, counted)


def timed_of(results: Results) -> Timed | None:
    """Return the counts by month of a study with what stands beside them; None without any."""
    if results.atlas is None:
        return None
    study = results.settings
    days = [(study.transition_from, "transition"), (study.event_date, "event")]
    return Timed(
        atlas=results.atlas,
        change={
            level: results.tables[f"change_{level}"]
            for level in LEVELS
            if f"change_{level}" in results.tables
        },
        events=tuple((periods.day(one).date(), kind) for one, kind in days if one is not None),
        emerging=results.emerging,
        reach=reach_of(results),
    )


def latest_period(measures: pd.DataFrame) -> Period:
    """Return the latest complete period of a ``MEASURES`` table, else its latest one.

    Examples
    --------
    >>> measures = pd.DataFrame({"period": ["2023", "2024"], "complete": [True, False]})
    >>> latest_period(measures).label
    '2023'
    """
    if measures.empty:
        raise SettingsError("there is no period to draw; the study counted no area")
    complete = measures["complete"].fillna(value=False).astype(bool)
    is_complete = bool(complete.any())
    # Labels of one kind of period sort as time does.
    label = str((measures[complete] if is_complete else measures)["period"].max())
    start, end = periods.bounds(label)
    return Period(label, start.date(), end.date(), complete=is_complete)


def level_data(
    measures: pd.DataFrame,
    period: str,
    hotspots: pd.DataFrame | None = None,
    reach: Reach = EVERYWHERE,
) -> LevelData:
    """Return the areas of one level in one period, with the classes of their values.

    An area of which nothing was asked has no number of events.
    """
    table = measures[measures["period"] == period][list(_SHOWN)]
    if reach.outside:
        events = table["events"].astype("float64").mask(table["cvegeo"].isin(reach.outside))
        table = table.assign(events=events)
    if hotspots is not None:
        found = hotspots[hotspots["period"] == period][["cvegeo", *HOTSPOT_COLUMNS]]
        # Where nothing was tested there is nothing to draw.
        if found["gi_bin"].notna().any():
            table = table.merge(found, on="cvegeo", how="left", validate="one_to_one")
    table = table.sort_values("cvegeo", ignore_index=True)
    breaks = {"count": make_breaks(table["events"], whole=True)}
    if table["crude_rate"].notna().any():
        breaks["rate"] = make_breaks(table["crude_rate"])
        breaks["smoothed"] = make_breaks(table["eb_rate"])
    return LevelData(table, breaks)


def account_of(table: pd.DataFrame) -> Account:
    """Return the account of a study: step, outcome, reason, number.

    Examples
    --------
    >>> rows = [("records", "used", "", 3), ("state", "inside", "", 3),
    ...     ("municipality", "inside", "", 2), ("municipality", "unassigned", "state_only", 1),
    ...     ("panel state", "counted", "", 3), ("panel municipality", "counted", "", 2)]
    >>> account = account_of(pd.DataFrame(rows, columns=["step", "outcome", "reason", "number"]))
    >>> account.for_municipality, account.municipality_left_out
    (2, (LeftOut(reason='state_only', number=1),))
    """

    def number(step: str, outcome: str) -> int:
        chosen = (table["step"] == step) & (table["outcome"] == outcome)
        return int(table.loc[chosen, "number"].sum())

    def reasons(step: str, outcome: str) -> tuple[LeftOut, ...]:
        chosen = table[(table["step"] == step) & (table["outcome"] == outcome)]
        ordered = chosen[chosen["number"] > 0].sort_values(
            ["number", "reason"], ascending=[False, True]
        )
        return tuple(
            LeftOut(str(reason), int(n))
            for reason, n in zip(ordered["reason"], ordered["number"], strict=True)
        )

    def left_out(level: Level) -> tuple[LeftOut, ...]:
        outside = number(f"panel {level}", "not counted")
        late = (LeftOut("outside_periods", outside),) if outside else ()
        return reasons(level, "unassigned") + late

    used, filtered, quarantined = (
        number("records", fate) for fate in ("used", "filtered", "quarantined")
    )
    return Account(
        physical=used + filtered + quarantined,
        used=used,
        filtered=filtered,
        quarantined=quarantined,
        for_state=number("panel state", "counted"),
        for_municipality=number("panel municipality", "counted"),
        filtered_reasons=reasons("records", "filtered"),
        quarantined_reasons=reasons("records", "quarantined"),
        state_left_out=left_out("state"),
        municipality_left_out=left_out("municipality"),
    )


def filters_in_words(filters: Mapping[str, Any]) -> tuple[Text, ...]:
    """Return the wishes of the user in words, one each.

    Examples
    --------
    >>> filters_in_words({"event_types": ["Battles", "Riots"], "fatal_only": True})[0].en
    'event type: Battles, Riots'
    """
    asked = asked_in(filters)
    said = () if asked is None else (Text(asked.en, asked.es),)
    return said + tuple(
        _text(f"filter.{name}", value=_listed(value))
        if f"filter.{name}" in words("en")
        else Text.same(f"{name}: {_listed(value)}")
        for name, value in other_filters(filters).items()
        if value is not False
    )


def _listed(value: object) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(map(str, value))
    return str(value)


def _text(key: str, **fills: object) -> Text:
    en, es = (say(language, key, **fills) for language in LANGUAGES)
    return Text(en, es)


def _title(results: Results) -> Text:
    """Return the title without the mark of made-up data: the page has a larger one."""
    en, es = (
        title_of(results.settings, results.focus, language=language, made_up=False)
        for language in LANGUAGES
    )
    return Text(en, es)


def _subtitle(results: Results) -> Text:
    first, last = used_days(results.facts, results.settings.filters)
    en, es = (
        say(
            language,
            "map.subtitle",
            first=say_day(language, first),
            last=say_day(language, last),
        )
        for language in LANGUAGES
    )
    return Text(en, es)


def _method(results: Results) -> tuple[Text, ...]:
    study = results.settings
    hotspots = "hotspots" if study.permutations else "hotspotsAnalytic"
    keys = ("assign", "gate", "rate", "interval", "smoothed", hotspots, "population")
    fills = {
        "tolerance": f"{study.tolerance_m:,.0f}",
        "permutations": f"{study.permutations:,}",
        "seed": study.seed,
    }
    return (
        *(_text(f"method.{key}", **fills) for key in keys),
        *(
            Text(PARTIAL["en"], PARTIAL["es"]) if warning == PARTIAL["en"] else Text.same(warning)
            for warning in results.warnings
        ),
    )
