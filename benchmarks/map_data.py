"""Made-up events for measuring maps: as many as asked for, over all municipalities and months.

Half of them fall where many people live, half near fifteen centers whose strength changes over the
years; every municipality has some. Nothing is said about any real place.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.sources import boundaries
from geo.sources.population import load_population

SEED = 20240909
FIRST, MONTHS = "2020-01", 60
CENTERS = 15
TYPES = {
    "Violence against civilians": 0.44, "Protests": 0.2, "Battles": 0.15, "Riots": 0.09,
    "Strategic developments": 0.08, "Explosions/Remote violence": 0.04,
}  # fmt: skip
ACTORS = 40


def plain_events(number: int) -> pd.DataFrame:
    """Return events with a day and a place, and nothing else.

    Parameters
    ----------
    number
        How many; at least as many as there are municipalities give each one.
    """
    rng = np.random.default_rng(SEED)
    labels = boundaries.load_labels("municipality")
    people = load_population("municipality").query("year == 2022").set_index("cvegeo")
    weight = people["population"].reindex(labels["cvegeo"]).to_numpy(copy=True)
    weight /= weight.sum()
    lon, lat = (labels[name].to_numpy() for name in ("lon", "lat"))
    areas, months = len(labels), MONTHS
    risk = np.repeat(weight[:, None], months, axis=1)
    for center in rng.choice(areas, CENTERS, replace=False):
        near = np.exp(-((lon - lon[center]) ** 2 + (lat - lat[center]) ** 2) / (2 * 0.6**2))
        phase = rng.uniform(0, 2 * np.pi)
        rise = 1.1 + np.sin(np.linspace(phase, phase + 2 * np.pi, months))
        here = (near * np.sqrt(weight))[:, None] * rise
        risk += here / here.sum() / CENTERS * months
    cell = rng.choice(areas * months, number, p=(risk / risk.sum()).ravel())
    cell[:areas] = np.arange(areas) * months + rng.integers(0, months, areas)
    area, month = np.divmod(cell[:number], months)
    begin = pd.date_range(FIRST, periods=months, freq="MS")
    day = begin.to_numpy()[month] + rng.integers(0, 28, number).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "event_id": [f"MADEUP{at:06d}" for at in range(number)],
            "event_date": day,
            # Within some hundred meters of a point inside the municipality.
            "longitude": lon[area] + rng.normal(0, 0.003, number),
            "latitude": lat[area] + rng.normal(0, 0.003, number),
        }
    )


def full_events(number: int) -> pd.DataFrame:
    """Return the same events with type, actors, fatalities and whether civilians were targeted."""
    rng = np.random.default_rng(SEED + 1)
    names = np.array([f"Made-up group {at + 1}" for at in range(ACTORS)], dtype=object)
    share = 1 / np.arange(1, ACTORS + 1)
    kinds = rng.choice(list(TYPES), number, p=list(TYPES.values()))
    return plain_events(number).assign(
        event_type=kinds,
        actor1=rng.choice(names, number, p=share / share.sum()),
        actor2=np.where(kinds == "Battles", rng.choice(names, number), None),
        civilian_targeting=np.where(
            kinds == "Violence against civilians", "Civilian targeting", ""
        ),
        fatalities=rng.poisson(0.4, number),
    )
