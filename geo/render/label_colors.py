"""Colors of classes that have names and no order: outliers, and labels of emerging hotspots.

Hot is warm and cold is blue, as for Gi*. Among the warm and among the blue ones the lightness
falls without turning, so that neighbors in the legend differ in gray and for color-blind readers.
"""

from __future__ import annotations

from geo.stats.emerging import NO_PATTERN

PALE = "#f2f2f0"
"""Not significant, or without a pattern: the middle of the bins of Gi*."""

OUTLIER = {"none": PALE, "LL": "#2166ac", "LH": "#8f7fc4", "HL": "#f1a340", "HH": "#b2182b"}
"""Color of an area among its neighbors, by :data:`geo.study.atlas.OUTLIERS`."""

_ORDER = (
    "historical",
    "oscillating",
    "sporadic",
    "diminishing",
    "new",
    "consecutive",
    "persistent",
    "intensifying",
)
"""From what is over or comes and goes to what lasts and grows."""

_HOT = ("#ffe08a", "#fec44f", "#fe9f3b", "#fb7a33", "#ef4e2b", "#d0211f", "#a50026", "#67001f")
_COLD = ("#cfe3f3", "#b0d0e9", "#8cbadd", "#66a1cf", "#4387bf", "#276aaa", "#134c8a", "#08306b")

EMERGING = {
    **{f"{kind} coldspot": color for kind, color in zip(_ORDER, _COLD, strict=True)},
    NO_PATTERN: PALE,
    **{f"{kind} hotspot": color for kind, color in zip(_ORDER, _HOT, strict=True)},
}
"""Color of each label, in the order of the legend from below: cold, none, hot."""
