"""The clusters of a scan, as the page draws them: circles with a number, and a list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo import periods
from geo.errors import SchemaError, SettingsError
from geo.render.codec import Block, json_block
from geo.render.mapdata import CODE, LEVELS, Level
from geo.steps.scan import ScanResults


def scan_block(scan: ScanResults, codes: Mapping[Level, Sequence[str]]) -> Block:
    """Return the clusters of one scan as a block of the page; see :func:`scan_content`."""
    return json_block("scan", scan_content(scan, codes))


def scan_content(scan: ScanResults, codes: Mapping[Level, Sequence[str]]) -> dict[str, Any]:
    """Return what a map is told of the clusters of one scan, the likeliest first.

    Of several shares of the population the smallest is drawn: clusters of up to half of the
    population tend to swallow their neighbors.

    Parameters
    ----------
    scan
        What :func:`geo.steps.scan.find_clusters` returned.
    codes
        The areas that are drawn, by level, in their order.

    Raises
    ------
    SchemaError
        A cluster has an area that is not drawn.
    """
    clusters = scan.clusters
    share = float(clusters["share_limit"].min()) if len(clusters) else math.nan
    rows = clusters[clusters["share_limit"] == share].sort_values("rank")
    level = _level_of(rows)
    place = {code: at for at, code in enumerate(codes[level])}
    members = scan.areas[scan.areas["share_limit"] == share]
    found = [
        _cluster(row, members[members["rank"] == row.rank], place) for row in rows.itertuples()
    ]
    first, last = (scan.first, scan.last) if scan.periods else (None, None)
    return {
        "level": level,
        "over": scan.over,
        "model": scan.model,
        "replicates": scan.replicates,
        "seed": scan.seed,
        "share": None if math.isnan(share) else share,
        "scanned": scan.scanned,
        "events": scan.events,
        "periods": scan.periods,
        "start": None if first is None else _day(first, 0),
        "end": None if last is None else _day(last, 1),
        "dispersion": _number(scan.dispersion),
        "clusters": found,
    }


def _level_of(rows: pd.DataFrame) -> Level:
    for level in LEVELS:
        if len(rows) and all(CODE[level].match(str(code)) for code in rows["center"]):
            return level
    if len(rows):
        raise SettingsError(
            f"the scan is of areas like {rows['center'].iloc[0]!r}, neither states nor "
            "municipalities; a map draws these two"
        )
    return "municipality"


def _cluster(row: Any, members: pd.DataFrame, place: Mapping[str, int]) -> dict[str, Any]:  # noqa: ANN401
    areas = [str(code) for code in members["cvegeo"]]
    if strange := sorted({str(row.center), *areas} - set(place)):
        raise SchemaError(
            f"{len(strange)} areas of the scan are not in the boundaries: "
            f"{', '.join(strange[:5])}; scan the areas of geo.load_areas"
        )
    return {
        "rank": int(row.rank),
        "center": place[str(row.center)],
        "areas": sorted(place[code] for code in areas),
        "radiusKm": round(float(members["distance_km"].max()), 3) if len(members) else 0.0,
        "start": _day(str(row.first), 0),
        "end": _day(str(row.last), 1),
        "observed": int(row.observed),
        "expected": float(row.expected),
        "p": _p(row),
    }


def _p(row: Any) -> float | None:  # noqa: ANN401
    """Return the p that allows for dispersion, where there is one."""
    return _number(row.p_value if pd.isna(row.p_dispersed) else row.p_dispersed)


def _day(label: str, side: int) -> str:
    """Return the first day of a period, or the first day after it."""
    return str(periods.bounds(label)[side].date())


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
