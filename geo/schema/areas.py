"""The contracts of areas, their neighbors and their populations."""

from __future__ import annotations

from geo.schema.table import Column, Table

AREAS = Table(
    "areas",
    "one row a state or a municipality",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "INEGI's code: 2 digits a state, 5 a municipality"),
        Column("name", "text", "official name"),
        Column("state_name", "text", "official name of the state"),
        Column("level", "text", "kind of area", words=("state", "municipality")),
        Column("area_km2", "number", "area on the ellipsoid"),
        Column("geometry", "geometry", "multipolygon, EPSG:4326"),
    ),
)

NEIGHBORS = Table(
    "neighbors",
    "one row an ordered pair of neighboring areas",
    ("focal", "neighbor"),
    (
        Column("focal", "text", "code of the area"),
        Column("neighbor", "text", "code of one of its neighbors"),
    ),
)

ORIGINS = ("census", "estimated", "projected", "apportioned", "given", "nearest year")

POPULATION = Table(
    "population",
    "one row an area and a calendar year",
    ("cvegeo", "year"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("year", "integer", "calendar year"),
        Column("population", "number", "people in the middle of the year"),
        Column("origin", "text", "where the figure comes from", words=ORIGINS),
    ),
)

EXPOSURE = Table(
    "exposure",
    "one row an area and a period",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("population", "number", "people, mean over the period", nullable=True),
        Column("exposure", "number", "person-years", nullable=True),
        Column("years", "number", "length of the period in years, as covered"),
        Column("origin", "text", "where the population comes from", nullable=True, words=ORIGINS),
    ),
)
