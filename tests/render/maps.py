"""Maps to test with: a toy country checked by hand, and the real areas with made-up numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import numpy as np
import pandas as pd

from geo.attribution import BASE_CREDITS, LEAFLET, MADE_UP
from geo.render.ground import Ground
from geo.render.mapdata import Account, LeftOut, LevelData, MapData, Period
from geo.render.text import Text
from geo.sources import boundaries
from geo.sources.arcs import toy_arcs
from geo.stats.breaks import ClassBreaks, make_breaks

NAN = float("nan")
COLUMNS = [
    "cvegeo",
    "name",
    "state_name",
    "events",
    "population",
    "exposure",
    "crude_rate",
    "rate_low",
    "rate_high",
    "eb_rate",
    "reliable",
]


def table(*rows):
    """Return a table of a map, one tuple an area, in the order of COLUMNS."""
    frame = pd.DataFrame(list(rows), columns=COLUMNS)
    return frame.astype({"cvegeo": "str", "name": "str", "reliable": "boolean"})


def toy_ground():
    """Two unit squares side by side: municipality 01001 west of 02001, each its own state."""
    arcs = dataclasses.replace(toy_arcs(), codes=("01001", "02001"))
    middle = {"lon": [0.5, 1.5], "lat": [0.5, 0.5]}
    return Ground(
        arcs=arcs,
        context=arcs,
        labels={
            "municipality": pd.DataFrame(
                {"cvegeo": ["01001", "02001"], "name": ["Oeste", "Este"], **middle}
            ),
            "state": pd.DataFrame({"cvegeo": ["01", "02"], "name": ["Uno", "Dos"], **middle}),
        },
        places=pd.DataFrame(
            {
                "kind": ["sea"],
                "name_en": ["Sea"],
                "name_es": ["Mar"],
                "lon": [3.0],
                "lat": [0.5],
                "rank": [1],
            }
        ),
        cities=pd.DataFrame(
            {"name": ["Centro"], "lon": [0.5], "lat": [0.4], "rank": [0], "population": [9]}
        ),
    )


def toy_levels():
    """03 of 5 events in the west; the population of the east is not known."""
    west = (3, 1000.0, 1000.0, 300.0, 61.9, 876.7, 280.0, False)
    east = (2, NAN, NAN, NAN, NAN, NAN, NAN, False)
    breaks = {
        "count": ClassBreaks(bounds=(0, 2, 5), zero_class=True, whole=True),
        "rate": ClassBreaks(bounds=(300, 300)),
        "smoothed": ClassBreaks(bounds=(200, 300)),
    }
    municipalities = table(("01001", "Oeste", "Uno", *west), ("02001", "Este", "Dos", *east))
    municipalities = municipalities.assign(
        gi_bin=pd.array([3, pd.NA], dtype="Int64"), gi_star=[3.1, NAN], q_value=[0.002, NAN]
    )
    states = table(("01", "Uno", "Uno", *west), ("02", "Dos", "Dos", *east))
    return {
        "state": LevelData(states, breaks),
        "municipality": LevelData(municipalities, breaks),
    }


def toy_map(**changes):
    """The description of a toy map; fields of MapData can be changed."""
    given = {
        "title": Text("Toy", "Juguete"),
        "subtitle": Text("two squares", "dos cuadros"),
        "period": Period("2024", dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
        "levels": toy_levels(),
        "account": Account(
            physical=9,
            used=7,
            filtered=1,
            quarantined=1,
            for_state=6,
            for_municipality=5,
            filtered_reasons=(LeftOut("event_type", 1),),
            quarantined_reasons=(LeftOut("impossible_date", 1),),
            state_left_out=(LeftOut("offshore", 1),),
            municipality_left_out=(LeftOut("offshore", 1), LeftOut("state_only", 1)),
        ),
        "source": "Toy events",
        "permutations": 999,
        "credits": (LEAFLET,),
    }
    return MapData(**(given | changes))


@functools.cache
def country_map():
    """All real areas, events and populations made up by a rule; 3 areas without a population."""
    levels = {}
    for level in ("state", "municipality"):
        areas = boundaries.area_codes(level)
        number = np.arange(len(areas))
        population = 400.0 + 997.0 * (number * 7919 % 1301)
        if level == "municipality":
            population[[30, 700, 1500]] = np.nan
        events = (number * 31 % 17) * (number % 3 == 0) + (number % 97 == 5) * 40
        levels[level] = _made_up(areas, events, population, hotspots=level == "municipality")
    used = int(levels["state"].areas["events"].sum())
    in_towns = int(levels["municipality"].areas["events"].sum())
    more = max(used, in_towns) + 50
    return MapData(
        title=Text("Made-up events", "Eventos inventados"),
        subtitle=Text("A test", "Una prueba"),
        period=Period("2024", dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
        levels=levels,
        account=Account(
            physical=more,
            used=more,
            filtered=0,
            quarantined=0,
            for_state=used,
            for_municipality=in_towns,
            state_left_out=(LeftOut("country_only", more - used),),
            municipality_left_out=(LeftOut("state_only", more - in_towns),),
        ),
        source="made up by a rule",
        permutations=99_999,
        made_up=True,
        credits=(MADE_UP, *BASE_CREDITS, LEAFLET),
    )


def _made_up(areas, events, population, *, hotspots):
    rate = events / population * 1e5
    smoothed = 0.5 * rate + 10
    frame = areas.assign(
        events=events,
        population=population,
        exposure=population,
        crude_rate=rate,
        rate_low=rate * 0.7,
        rate_high=rate * 1.4,
        eb_rate=smoothed,
        reliable=pd.array((events >= 20) & (population >= 10_000), dtype="boolean"),
    )
    if hotspots:
        bins = np.where(np.isnan(population), np.nan, np.arange(len(areas)) % 7 - 3.0)
        frame = frame.assign(
            gi_bin=pd.array(bins, dtype="Float64").astype("Int64"), gi_star=bins, q_value=0.04
        )
    breaks = {
        "count": make_breaks(events, whole=True),
        "rate": make_breaks(rate),
        "smoothed": make_breaks(smoothed),
    }
    return LevelData(frame, breaks)
