"""The contracts of local statistics: hotspots, outliers and what they rest on."""

from __future__ import annotations

from geo.schema.table import Column, Table

HOTSPOTS = Table(
    "hotspots",
    "one row an area and a period: its local statistic",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("value", "number", "what was tested: a rate, or a volume of events", nullable=True),
        Column("gi_star", "number", "Gi* as a z-score", nullable=True),
        Column("p_analytic", "number", "two-sided, from the normal tail", nullable=True),
        Column("p_value", "number", "two-sided, by permutations in areas alike", nullable=True),
        Column("q_value", "number", "p_value adjusted over the map", nullable=True),
        Column("gi_bin", "level", "-3 to 3: cold or hot at 99, 95, 90 %", nullable=True),
    ),
)

QUADRANTS = ("HH", "LL", "HL", "LH")
"""Whether an area, and then its neighbors, lie above (H) or below (L) the mean of the map."""

OUTLIERS = Table(
    "outliers",
    "one row an area and a period: how unlike its neighbors it is",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("value", "number", "what was tested", nullable=True),
        Column("neighbor_mean", "number", "mean value of the neighbors", nullable=True),
        Column("local_moran", "number", "local Moran's I", nullable=True),
        Column("p_value", "number", "two-sided, by permutations in areas alike", nullable=True),
        Column("q_value", "number", "p_value adjusted over the map", nullable=True),
        Column("quadrant", "text", "area, neighbors: high, low", nullable=True, words=QUADRANTS),
        Column("is_outlier", "claim", "HL or LH, with a q up to 0.05", nullable=True),
        Column("is_cluster", "claim", "HH or LL, with a q up to 0.05", nullable=True),
    ),
)

CLUSTERING = Table(
    "clustering",
    "one row a map: whether neighbors have alike rates at all",
    ("period",),
    (
        Column("period", "text", "label of the period"),
        Column("areas", "integer", "areas with people"),
        Column("events", "integer", "their events"),
        Column("moran", "number", "Moran's I of EB-standardized rates", nullable=True),
        Column("p_greater", "number", "one-sided p of clustering", nullable=True),
        Column("p_value", "number", "two-sided p, by permutations", nullable=True),
        Column("permutations", "integer", "number of permutations"),
    ),
)

VERDICTS = ("hotspot", "coldspot", "neither", "not tested")

CHANGED_VERDICTS = Table(
    "changed_verdicts",
    "one row an area and a period that is called otherwise with other neighbors",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("verdict", "text", "with the neighbors of the study", words=VERDICTS),
        Column("nearest_verdict", "text", "with the nearest areas", words=VERDICTS),
        Column("q_value", "number", "with the neighbors of the study", nullable=True),
        Column("nearest_q_value", "number", "with the nearest areas", nullable=True),
    ),
)

EMERGING = Table(
    "emerging",
    "one row an area: how its hot and cold periods follow one another",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("pattern", "text", "one of 17 labels", nullable=True),
        Column("periods", "integer", "periods in which it was tested"),
        Column("hot_periods", "integer", "of these, hot"),
        Column("cold_periods", "integer", "of these, cold"),
        Column("last_gi_star", "number", "Gi* of the last period", nullable=True),
        Column("last_q_value", "number", "its q, over all areas and periods", nullable=True),
        Column("trend_z", "number", "Mann-Kendall z of Gi*", nullable=True),
        Column("trend_p", "number", "two-sided p of it", nullable=True),
    ),
)
