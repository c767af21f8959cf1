"""What happens in a made-up sample without a story: nothing that an analysis may find.

For telling how often the tests claim something where there is nothing. It looks like the sample
with a story: counts follow the population, and spread far beyond chance, because each municipality
and each month of a municipality has a gamma multiplier of its own. But every state is drawn alike:

* Every municipality has the same expected rate, per person and day, from the first day to the last:
  no break, no trend, no season, and people who grow in number have more events.
* The multipliers are independent of one another: no cluster in space (the factors by state of the
  sample with a story are left out, as a whole state that is high is a cluster), and no month that
  resembles the one before.
* The kind of an event depends on nothing: no category grows more than the rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.sample.story import (
    AREA_SHAPE,
    FIRST,
    LAST,
    MONTH_SHAPE,
    days_in_months,
    every_scene_once,
    scenes,
)


def draw_calm_events(people: pd.DataFrame, events: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the events: ``cvegeo``, ``event_date`` and ``scene`` (a row of ``SCENES``).

    Parameters
    ----------
    people
        Population of every municipality (rows, by ``cvegeo``) in the years 2022, 2023 and 2024.
    events
        How many events in the whole country.
    rng
        Every draw comes from it.

    Examples
    --------
    Each of two towns has as many events as its people and its luck make likely:

    >>> towns = pd.DataFrame(9_000.0, index=["25006", "25012"], columns=[2022, 2023, 2024])
    >>> drawn = draw_calm_events(towns, 1_000, np.random.default_rng(1))
    >>> len(drawn), drawn["event_date"].dt.year.nunique()
    (1000, 3)
    """
    months = np.arange(FIRST.astype("datetime64[M]"), LAST.astype("datetime64[M]") + 1)
    length = days_in_months(months)
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    lived = people[year].to_numpy(dtype=np.float64) * length
    level = rng.gamma(AREA_SHAPE, 1 / AREA_SHAPE, len(people))
    weight = level[:, None] * lived * rng.gamma(MONTH_SHAPE, 1 / MONTH_SHAPE, lived.shape)
    counts = rng.multinomial(events, (weight / weight.sum()).ravel())
    area, month = np.divmod(np.repeat(np.arange(counts.size), counts), len(months))
    day = np.floor(rng.random(len(area)) * length[month]).astype(int)
    drawn = pd.DataFrame(
        {
            "cvegeo": people.index[area],
            "event_date": months[month].astype("datetime64[D]") + day,
            "scene": scenes(np.full(len(area), ""), rng),
        }
    )
    # In any order, so that it is chance which events become the rarest scenes.
    shuffled = drawn.iloc[rng.permutation(len(drawn))].reset_index(drop=True)
    return every_scene_once(shuffled, spared=None)
