"""What is wrong with real files, put into the made-up sample on purpose.

Rows are only added. A planted story is left alone: no added row counts for its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.sample.places import NEAR_SHORE, OFF_SHORE, as_ascii, border_points
from geo.sample.words import FORMULAS, HOSTILE, MARK

DAY_S = 86_400


def add_oddities(
    rows: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    rng: np.random.Generator,
    *,
    spared: str | None,
) -> pd.DataFrame:
    """Return the rows with hostile notes, and after them odd and repeated rows.

    Parameters
    ----------
    rows
        Sound rows in ACLED's layout, all text.
    areas
        An ``AREAS`` table of municipalities.
    rng
        Which rows are copied is drawn from it.
    spared
        Name of the state whose rows are left alone, if there is one.
    """
    n = len(rows)
    apart = np.flatnonzero(rows["admin1"] != spared)
    picked = iter(rng.permutation(apart)[:200].tolist())

    def copies(number: int) -> pd.DataFrame:
        return rows.iloc[[next(picked) for _ in range(number)]].copy()

    borders = border_points(areas)
    odd = [
        _placed(copies(len(NEAR_SHORE)), NEAR_SHORE, areas, "a boat near the shore"),
        _placed(copies(len(OFF_SHORE)), OFF_SHORE, areas, "a boat at sea"),
        _placed(copies(len(borders)), borders, areas, "on a border"),
        copies(12).assign(latitude="", longitude=""),
        copies(2).assign(latitude="0", longitude="0"),
        _swapped(copies(2)),
        copies(4).assign(event_date="2024-02-31"),
        copies(4).assign(
            country="Guatemala", iso="320", admin1="Peten", admin2="Flores", latitude="16.93",
            longitude="-89.892",
        ),
        copies(3).assign(fatalities="10+"),
        copies(2).assign(fatalities="unknown"),
        copies(3).assign(fatalities=""),
        copies(3).assign(geo_precision=""),
        copies(3).assign(actor2="", assoc_actor_2="", inter2=""),
        _conflicting(copies(3)),
    ]  # fmt: skip
    added = pd.concat(odd, ignore_index=True)
    added["event_id_cnty"] = [f"{MARK}9{i:05d}" for i in range(len(added))]
    whole = pd.concat([_hostile(rows, picked), added], ignore_index=True)
    return pd.concat([whole, *_repeats(whole.iloc[:n], rng)], ignore_index=True)


def _placed(
    rows: pd.DataFrame,
    points: Sequence[tuple[str, float, float]],
    areas: gpd.GeoDataFrame,
    location: str,
) -> pd.DataFrame:
    named = areas.set_index("cvegeo")
    codes = [code for code, _, _ in points]
    return rows.assign(
        admin1=[as_ascii(named.loc[code, "state_name"]) for code in codes],
        admin2=[as_ascii(named.loc[code, "name"]) for code in codes],
        location=location,
        longitude=[repr(lon) for _, lon, _ in points],
        latitude=[repr(lat) for _, _, lat in points],
        geo_precision="1",
    )


def _swapped(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(latitude=rows["longitude"], longitude=rows["latitude"])


def _conflicting(rows: pd.DataFrame) -> pd.DataFrame:
    other = np.where(rows["admin1"] == "Zacatecas", "Durango", "Zacatecas")
    return rows.assign(admin1=other, geo_precision="1")


def _hostile(rows: pd.DataFrame, picked: Iterator[int]) -> pd.DataFrame:
    notes = rows["notes"].to_numpy(dtype=object, copy=True)
    for text in HOSTILE:
        row = next(picked)
        notes[row] = f"{notes[row]} {text}"
    for text in FORMULAS:
        row = next(picked)
        notes[row] = f"{text} {notes[row]}"
    return rows.assign(notes=pd.array(notes, dtype="str"))


def _repeats(rows: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows that occur again: unchanged, and as ACLED updates them later."""
    chosen = rng.permutation(len(rows))
    same, later = rows.iloc[chosen[:60]], rows.iloc[chosen[60:100]]
    upload = later["timestamp"].astype("int64") + 90 * DAY_S
    deaths = (later["fatalities"].astype("int64") + 1).astype("str")
    notes = later["notes"] + " Updated: another source has one more."
    return same, later.assign(timestamp=upload.astype("str"), fatalities=deaths, notes=notes)
