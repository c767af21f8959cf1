"""Colors of classes that have names and no order: outliers, and labels of emerging hotspots.

Hot is warm and cold is blue, as for Gi*: told apart with every color vision. Among the warm and
among the blue ones the lightness falls without turning, so that a gray print tells them apart; and
there cold is told from hot by its lines. ``tests/render/test_palette.py`` measures all of it.
"""

from __future__ import annotations

from geo.stats.emerging import NO_PATTERN

PALE = "#f2f2f0"
"""Not significant, or without a pattern: the middle of the bins of Gi*."""

OUTLIER = {"none": PALE, "LL": "#2166ac", "LH": "#8f7fc4", "HL": "#f1a340", "HH": "#930f1e"}
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

# Equal steps of lightness, 90 to 18 and 85 to 14.
_HOT = ("#ffe08a", "#feb949", "#fd8c37", "#f35d2e", "#db3323", "#b60f24", "#8a0023", "#61001b")
_COLD = ("#bdd8ed", "#92bedf", "#69a3d0", "#4488bf", "#296cab", "#175190", "#0c3874", "#00225a")

EMERGING = {
    **{f"{kind} coldspot": color for kind, color in zip(_ORDER, _COLD, strict=True)},
    NO_PATTERN: PALE,
    **{f"{kind} hotspot": color for kind, color in zip(_ORDER, _HOT, strict=True)},
}
"""Color of each label, in the order of the legend from below: cold, none, hot."""


def is_lined(word: str) -> bool:
    """Return whether a label is drawn with lines over its color.

    Examples
    --------
    >>> is_lined("new coldspot"), is_lined("new hotspot"), is_lined("LL")
    (True, False, False)
    """
    return word.endswith("coldspot")
