"""Population: the published figures on the areas of 2019."""

from __future__ import annotations

import csv
from pathlib import Path

CENSUS_TOTAL = 126_014_024


def census(figures: Path, splits: Path, codes: list[str]) -> list[dict[str, object]]:
    """Return the census of 2020 by municipality of `codes`: cvegeo, population.

    Four municipalities of the census did not exist in 2019; their people are counted with the
    municipality they were part of.
    """
    parents = {row["cvegeo"]: row["parent"] for row in _rows(splits)}
    people = dict.fromkeys(codes, 0)
    for row in _rows(figures):
        code = row["cvegeo"]
        people[code if code in people else parents[code]] += int(row["population"])
    if sum(people.values()) != CENSUS_TOTAL or not all(people.values()):
        raise SystemExit(f"The census must sum to {CENSUS_TOTAL} with people in every area")
    return [{"cvegeo": code, "population": number} for code, number in people.items()]


def state_midyear(figures: Path, states: list[str]) -> list[dict[str, object]]:
    """Return the mid-year population by state and year: cvegeo, year, population."""
    rows: list[dict[str, object]] = [
        {"cvegeo": row["cve_ent"], "year": int(row["year"]), "population": int(row["population"])}
        for row in _rows(figures)
    ]
    years = sorted({row["year"] for row in rows})
    if [(row["cvegeo"], row["year"]) for row in rows] != [(s, y) for s in states for y in years]:
        raise SystemExit("The state figures must hold every state in every year, in order")
    return rows


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
