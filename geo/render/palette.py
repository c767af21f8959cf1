"""Colors: which class is painted how, in the browser and wherever else a map is drawn.

Sequential colors run from light to dark without turning, so that they survive a gray print;
diverging ones are told apart with every common color blindness. Missing is no color of a ramp.
"""

from __future__ import annotations

from geo.errors import SettingsError

ZERO = "#f6f3ec"
"""Zero events: nearly paper, but not the color of missing."""

MISSING = "#dfe3e7"
"""Ground of the hatching for "no data"."""

_SEQUENTIAL: dict[int, tuple[str, ...]] = {
    1: ("#fc8d59",),
    2: ("#fdbb84", "#d7301f"),
    3: ("#fee0b8", "#fc8d59", "#b30000"),
    4: ("#fee0b8", "#fdbb84", "#ef6548", "#990000"),
    5: ("#fee5c5", "#fdbb84", "#fc8d59", "#d7301f", "#7f0000"),
    6: ("#fee5c5", "#fdcd96", "#fcaa70", "#f4764f", "#cf2b1c", "#7f0000"),
    7: ("#fee5c5", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#c8241a", "#7f0000"),
}

HOTSPOT: dict[int, str] = {
    3: "#b2182b",
    2: "#ef8a62",
    1: "#fddbc7",
    0: "#f2f2f0",
    -1: "#d1e5f0",
    -2: "#67a9cf",
    -3: "#2166ac",
}
"""Color of each Gi* bin, from hot at 99 % to cold at 99 %."""


def sequential(classes: int) -> tuple[str, ...]:
    """Return the colors of that many classes above zero, light to dark.

    Examples
    --------
    >>> sequential(2)
    ('#fdbb84', '#d7301f')
    """
    if classes not in _SEQUENTIAL:
        raise SettingsError(
            f"a legend can hold 1 to {max(_SEQUENTIAL)} classes above zero, not {classes}; "
            "ask for fewer class breaks"
        )
    return _SEQUENTIAL[classes]


def lightness(color: str) -> float:
    """Return the CIE lightness of a color, 0 (black) to 100 (white).

    Examples
    --------
    >>> lightness("#ffffff"), lightness("#000000")
    (100.0, 0.0)
    """
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    scaled = (
        luminance ** (1 / 3) if luminance > 216 / 24389 else (24389 / 27 * luminance + 16) / 116
    )
    return round(116 * scaled - 16, 6)
