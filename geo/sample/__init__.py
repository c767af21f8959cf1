"""A made-up data set in ACLED's layout, to try everything on.

Nothing in it happened. It looks like a real export (real municipalities, population-driven and
overdispersed counts, every event type, three levels of geocode precision, repeated rows, odd
fields, hostile text) and has a planted story that the analysis must find: Sinaloa has exactly
2.5 times as many events in 2024 as in 2023, and the break is on 9 September 2024. It can also be
had without a story (:mod:`geo.sample.calm`), to see that the analysis then claims nothing.

Every row says so: the id begins with :data:`~geo.sample.words.MARK`, the source is
:data:`SOURCE`, the note says MADE UP. :func:`is_made_up` lets later steps put the label on every
output.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import OutputError, SettingsError
from geo.sample.calm import draw_calm_events
from geo.sample.oddities import DAY_S, add_oddities
from geo.sample.places import CAPITALS, Towns, as_ascii, make_towns
from geo.sample.story import BREAK, STATE, draw_events
from geo.sample.words import ACTORS, INTER, MARK, SCENES, SENTENCES, STORY_GROUPS
from geo.sources.boundaries import load_areas
from geo.sources.population import load_population
from geo.whole import write_beside

SOURCE = "Made-up sample"
"""What stands in the sample's column ``source``."""

FILE_NAME = "made-up-sample.csv"

SEED = 20240909

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip
"""The columns of ACLED's current layout, in its order."""

_LEAST = 1_000


def is_made_up(event_id: pd.Series) -> bool:
    """Return whether any of these events comes from the made-up sample.

    One made-up event makes a whole table made up.

    Examples
    --------
    >>> is_made_up(pd.Series(["MEX1", "MADEUP000001"], dtype="str"))
    True
    >>> is_made_up(pd.Series(["MEX1"], dtype="str"))
    False
    """
    return bool(event_id.str.startswith(MARK).any())


def make_sample(*, seed: int = SEED, events: int = 12_000, story: bool = True) -> pd.DataFrame:
    """Return a made-up data set in ACLED's current layout, 2022 to 2024, all columns text.

    The same seed gives the same table. Sinaloa's events of 2024 are exactly 2.5 times those of
    2023 once the file was read and its events assigned to states.

    Without a story the table looks alike and there is nothing to be found in it: every place has
    the same expected rate at all times, Sinaloa's too (:mod:`geo.sample.calm`).

    Parameters
    ----------
    seed
        Seed of the random generator.
    events
        Number of sound events; a few dozen odd rows and 100 repeated ones come on top.
    story
        Whether there is one.

    Raises
    ------
    SettingsError
        If fewer than 1,000 events are asked for: the story would drown in chance.
    """
    if events < _LEAST:
        raise SettingsError(f"a sample needs at least {_LEAST:,} events, not {events:,}")
    rng = np.random.default_rng(seed)
    areas = load_areas("municipality").sort_values("cvegeo", ignore_index=True)
    by_year = people_by_year(areas["cvegeo"])
    people = by_year[2023]
    drawn = draw_events(people, events, rng) if story else draw_calm_events(by_year, events, rng)
    drawn = drawn.sort_values("event_date", kind="stable", ignore_index=True)
    needed = areas["cvegeo"].isin({*drawn["cvegeo"], *CAPITALS})
    towns = make_towns(areas[needed], people, rng)
    rows = _rows(drawn, areas, towns, rng, story=story)
    whole = add_oddities(rows, areas, rng, spared="Sinaloa" if story else None)
    # The newest first, as ACLED's export has it.
    return whole.sort_values(
        ["event_date", "event_id_cnty"], ascending=False, kind="stable", ignore_index=True
    )[list(COLUMNS)]


def as_csv(sample: pd.DataFrame) -> bytes:
    """Return a sample as the bytes of its file: CSV in UTF-8, as ACLED exports it."""
    text: str = sample.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")


def write_sample(
    path: str | os.PathLike[str] = FILE_NAME,
    *,
    seed: int = SEED,
    events: int = 12_000,
    story: bool = True,
) -> Path:
    """Write the made-up data set of :func:`make_sample` as CSV (UTF-8) and return its path.

    The file is written beside and then renamed; the same seed gives the same bytes.

    Raises
    ------
    OutputError
        If the file cannot be written there.
    """
    goal = Path(path)
    table = make_sample(seed=seed, events=events, story=story)
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        write_beside(goal.resolve(), lambda part: part.write_bytes(as_csv(table)))
    except OSError as error:
        raise OutputError(
            f"{goal} cannot be written ({error.strerror or error}); give another path with -o"
        ) from error
    return goal


def people_by_year(codes: pd.Series) -> pd.DataFrame:
    """Return the people of municipalities (rows) in the years of the sample (columns).

    Examples
    --------
    >>> people_by_year(pd.Series(["25006"])).columns.tolist()
    [2022, 2023, 2024]
    """
    population = load_population("municipality")
    by_year = population.pivot_table(index="cvegeo", columns="year", values="population")
    return by_year.reindex(codes)[[2022, 2023, 2024]].fillna(0.0)


def _rows(
    drawn: pd.DataFrame,
    areas: pd.DataFrame,
    towns: Towns,
    rng: np.random.Generator,
    *,
    story: bool,
) -> pd.DataFrame:
    """Return the events as rows in ACLED's layout, all text."""
    n = len(drawn)
    precision = rng.choice(["1", "2", "3"], n, p=[0.875, 0.11, 0.015])
    capital = drawn["cvegeo"].str[:2].map({code[:2]: code for code in CAPITALS})
    parked = precision == "3"
    shown = drawn["cvegeo"].where(~parked, capital)
    row = np.where(parked, towns.seat(capital), towns.pick(drawn["cvegeo"], rng))
    town = towns.table.iloc[row].reset_index(drop=True)
    named = areas.set_index("cvegeo")[["name", "state_name"]].loc[shown]
    scene = [SCENES[i] for i in drawn["scene"]]
    planted = drawn["cvegeo"].str.startswith(STATE) & (drawn["event_date"] >= BREAK) & story
    actors = [
        _parties(i, rng, planted=of_story)
        for i, of_story in zip(drawn["scene"], planted, strict=True)
    ]
    deaths = rng.poisson([s.deaths for s in scene])
    date = drawn["event_date"].dt.strftime("%Y-%m-%d")
    inter = [(INTER[s.side1], INTER[s.side2]) for s in scene]
    upload = drawn["event_date"].astype("datetime64[s]").astype("int64") + DAY_S * rng.integers(
        5, 40, n
    )
    crowd = rng.choice(["crowd size=no report", "crowd size=around 100"], n)
    frame = pd.DataFrame(
        {
            "event_id_cnty": [f"{MARK}{i:06d}" for i in range(1, n + 1)],
            "event_date": date,
            "year": date.str[:4],
            "time_precision": rng.choice(["1", "2", "3"], n, p=[0.82, 0.17, 0.01]),
            "disorder_type": [s.disorder_type for s in scene],
            "event_type": [s.event_type for s in scene],
            "sub_event_type": [s.sub_event_type for s in scene],
            "actor1": [first for first, _ in actors],
            "assoc_actor_1": rng.choice(["", "Labor Group (Mexico)"], n, p=[0.95, 0.05]),
            "inter1": [first for first, _ in inter],
            "actor2": [second for _, second in actors],
            "assoc_actor_2": rng.choice(["", "Farmers (Mexico)"], n, p=[0.96, 0.04]),
            "inter2": [second for _, second in inter],
            "interaction": [f"{a}-{b}" if b else f"{a} only" for a, b in inter],
            "civilian_targeting": ["Civilian targeting" if s.targeting else "" for s in scene],
            "iso": "484",
            "region": "North America",
            "country": "Mexico",
            "admin1": named["state_name"].map(as_ascii).to_numpy(),
            "admin2": named["name"].map(as_ascii).to_numpy(),
            "admin3": "",
            "location": town["town"],
            "latitude": town["lat"].map(repr),
            "longitude": town["lon"].map(repr),
            "geo_precision": precision,
            "source": SOURCE,
            "source_scale": rng.choice(["Subnational", "National", "Other"], n, p=[0.7, 0.2, 0.1]),
            "fatalities": deaths.astype(str),
            "tags": [
                tag if "Demonstrations" in s.disorder_type else ""
                for s, tag in zip(scene, crowd, strict=True)
            ],
            "timestamp": upload.astype("str"),
        }
    )
    return frame.assign(notes=_notes(frame, named)).astype("str")


def _parties(scene: int, rng: np.random.Generator, *, planted: bool) -> tuple[str, str]:
    """Return the two actors of an event; two groups are never the same one."""
    side1, side2 = SCENES[scene].side1, SCENES[scene].side2
    if side1 == side2 == "group" and planted:
        return STORY_GROUPS
    first = ACTORS[side1][rng.integers(len(ACTORS[side1]))]
    others = [name for name in ACTORS[side2] if name != first]
    return first, others[rng.integers(len(others))]


def _notes(frame: pd.DataFrame, named: pd.DataFrame) -> list[str]:
    """Return a sentence for each event, with the accents that Spanish names have."""
    columns = ["event_date", "event_type", "actor1", "actor2", "location", "fatalities"]
    return [
        f"MADE UP: On {date}, "
        + SENTENCES[kind].format(
            actor1=first or "Nobody",
            actor2=second or "nobody else",
            town=town,
            area=area,
            state=state,
            deaths="1 fatality" if deaths == "1" else f"{deaths} fatalities",
        )
        for (date, kind, first, second, town, deaths), area, state in zip(
            frame[columns].itertuples(index=False),
            named["name"],
            named["state_name"],
            strict=True,
        )
    ]
