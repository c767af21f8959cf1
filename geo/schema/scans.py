"""The contracts of scan statistics: clusters, and the areas that each is made of."""

from __future__ import annotations

from geo.schema.table import Column, Table

SCANS = ("space", "space-time", "prospective")
"""What is searched: circles over all periods, cylinders of any time, cylinders still going on."""

SCAN_MODELS = ("poisson", "permutation")
"""What is expected: by people, or by the events of the area and of the period alone."""

SCAN_CLUSTERS = Table(
    "scan_clusters",
    "one row a cluster: areas, and periods, with more events than expected, the likeliest first",
    ("share_limit", "rank"),
    (
        Column("share_limit", "number", "most of the population a cluster may hold"),
        Column("rank", "integer", "by likelihood ratio; 1 is the most likely cluster"),
        Column("center", "text", "code of the area that its circle is drawn around"),
        Column("areas", "integer", "number of its areas"),
        Column("first", "text", "label of its first period"),
        Column("last", "text", "label of its last period"),
        Column("observed", "integer", "its events"),
        Column("expected", "number", "events expected there"),
        Column("relative_risk", "number", "observed / expected, inside over outside"),
        Column("llr", "number", "Kulldorff's log likelihood ratio"),
        Column("p_value", "number", "by Monte Carlo, events independent", nullable=True),
        Column("p_dispersed", "number", "the same of llr / dispersion", nullable=True),
        Column("dispersion", "number", "of areas x periods; 1 if independent", nullable=True),
        Column("replicates", "integer", "simulated data sets behind p"),
        Column("scan", "text", "what was searched", words=SCANS),
        Column("model", "text", "what is expected", words=SCAN_MODELS),
    ),
)

SCAN_AREAS = Table(
    "scan_areas",
    "one row an area of a cluster",
    ("share_limit", "rank", "cvegeo"),
    (
        Column("share_limit", "number", "as in scan_clusters"),
        Column("rank", "integer", "as in scan_clusters: which cluster"),
        Column("cvegeo", "text", "code of the area"),
        Column("distance_km", "number", "from the center, in the plane of EPSG:6372"),
        Column("observed", "integer", "its events in the periods of the cluster"),
        Column("expected", "number", "events expected of it there"),
    ),
)
