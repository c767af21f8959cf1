"""Files of made-up events, small enough to check by hand, written the way real exports are."""

import csv
from pathlib import Path

import pandas as pd

from geo.sources.layouts import ACLED_CURRENT, ACLED_OLD, UCDP_GED

BASE = {
    "event_id_cnty": "MEX1",
    "event_date": "2024-09-09",
    "year": "2024",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Group One",
    "inter1": "Political militia",
    "actor2": "Group Two",
    "inter2": "Political militia",
    "interaction": "Political militia-Political militia",
    "civilian_targeting": "",
    "iso": "484",
    "region": "North America",
    "country": "Mexico",
    "admin1": "Sinaloa",
    "admin2": "Culiacan",
    "location": "Culiacan Rosales",
    "latitude": "24.8064",
    "longitude": "-107.3938",
    "geo_precision": "1",
    "source": "A newspaper",
    "source_scale": "National",
    "notes": "Shots, in a street.",
    "fatalities": "2",
    "timestamp": "1735000000",  # 2024-12-24
}

OLD = BASE | {
    "data_id": "900001",
    "event_id_no_cnty": "1",
    "inter1": "3",
    "inter2": "7",
    "interaction": "37",
    "iso3": "MEX",
}

GED = {
    "id": "182047",
    "year": "2023",
    "code_status": "Clear",
    "type_of_violence": "2",
    "dyad_name": "Group One - Group Two",
    "side_a": "Group One",
    "side_b": "Group Two",
    "where_prec": "1",
    "adm_1": "Sinaloa state",
    "adm_2": "Culiacán municipality",
    "latitude": "24.8064",
    "longitude": "-107.3938",
    "country": "Mexico",
    "country_id": "70",
    "date_prec": "1",
    "date_start": "2023-09-09 00:00:00.000",
    "date_end": "2023-09-09 00:00:00.000",
    "deaths_civilians": "0",
    "best": "2",
    "low": "1",
    "high": "3",
}


def acled(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Return one row for each set of changes, under ids MEX1, MEX2 ... unless they say other."""
    return [BASE | {"event_id_cnty": f"MEX{i}"} | one for i, one in enumerate(changes, 1)]


def ged(*changes: dict[str, str]) -> list[dict[str, str]]:
    return [GED | {"id": str(i)} | one for i, one in enumerate(changes, 1)]


def write(path: Path, rows: list[dict[str, str]], header: tuple[str, ...] = ACLED_CURRENT) -> Path:
    """Write a CSV file; what a row does not have is blank."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def fates(reading) -> list[tuple[int, str, str | None]]:
    """Return line, fate and reason of every record."""
    table = reading.ledger.records
    reason = table["reason"].astype(object).where(table["reason"].notna(), None)
    return list(zip(table["line"], table["fate"].astype(str), reason, strict=True))


def text(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


__all__ = ["ACLED_CURRENT", "ACLED_OLD", "BASE", "GED", "OLD", "UCDP_GED", "acled", "fates", "ged",
           "text", "write"]  # fmt: skip
