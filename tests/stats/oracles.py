"""The tables that lie beside the statistical oracles."""

from __future__ import annotations

import csv

import numpy as np

from geo.stats.local import links_between
from tests import shared


def rows(name):
    """Return the rows of a table of the oracles."""
    with shared.path(f"oracles/{name}").open(newline="") as file:
        return list(csv.DictReader(file))


def numbers(table, name):
    """Return a column as numbers, NaN where it is empty."""
    return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in table])


def links(table, edges):
    """Return the links of a table of neighbors between the areas of another table."""
    place = {row["id"]: position for position, row in enumerate(table)}
    pairs = rows(edges)
    return links_between(
        [place[pair["focal"]] for pair in pairs],
        [place[pair["neighbor"]] for pair in pairs],
        len(table),
    )


def grid(side):
    """Return the links of a square grid of areas, each with those it touches, corners too."""
    cells = [(row, column) for row in range(side) for column in range(side)]
    pairs = [
        (a, b)
        for a, (row, column) in enumerate(cells)
        for b, (other_row, other_column) in enumerate(cells)
        if a != b and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
    ]
    return links_between(*np.transpose(pairs), side**2)
