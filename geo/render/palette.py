"""Colors: which class is painted how, in the browser and wherever else a map is drawn.

All classes of a legend are told apart with every common color blindness and in a gray print: ramps
run from light to dark without turning, and the two sides of a diverging one differ in lightness.
Missing is no color of a ramp but a hatching. ``tests/render/test_palette.py`` measures all of it.
"""

from __future__ import annotations

from geo.errors import SettingsError

ZERO = "#f6f3ec"
"""Zero events: nearly paper, but not the color of missing."""

MISSING = "#dfe3e7"
"""Ground of the hatching for "no data"."""

NOT_ASKED = "#c2c8ce"
"""Outside what a query asks for: a gray that is plain, so that it is neither zero nor missing."""

_SEQUENTIAL: dict[int, tuple[str, ...]] = {
    1: ("#f77e52",),
    2: ("#fdb881", "#cd2717"),
    3: ("#fdc891", "#ef6548", "#a10001"),
    4: ("#fdcf99", "#f67b51", "#cc2616", "#790000"),
    5: ("#fdcf99", "#fc905c", "#e55137", "#bb1006", "#790000"),
    6: ("#fdcf99", "#fd9d68", "#f16a4a", "#d93522", "#b00000", "#790000"),
    7: ("#fdd19b", "#fda871", "#f77d52", "#e65238", "#cd2617", "#a70001", "#790000"),
}
"""Hues of ColorBrewer's OrRd at equal steps of lightness, the first step away from zero."""

RATIO = ("#7c6fb0", "#b0a8d3", "#dcdcf0", "#f7f7f7", "#fdc074", "#e08214", "#86400a")
"""Colors of change, from a quarter or less to more than four times; the middle is no change.

A rise is darker than the fall of the same size, so that a gray print tells them apart.
"""

CATEGORIES = ("#23395b", "#9b3a2f", "#3f7f8c", "#d0913a", "#a3b97f", "#e6cdae", "#dde2e6")
"""Colors of stacked categories, dark to light: a gray print tells neighbors apart."""

NAMES = ("orrd", "cividis", "viridis")
"""The sequential palettes that a reader can choose; the first is the default."""

_OTHER: dict[str, tuple[str, ...]] = {
    # Sampled at equal steps from light to dark, without the ends that are nearly white or black.
    "cividis": ("#f2e05b", "#cdbb5c", "#aa9c68", "#86807a", "#666a75", "#424f6d", "#133362"),
    "viridis": ("#dae319", "#86d549", "#3fbc73", "#1f988b", "#2e708e", "#414487", "#440154"),
}

HOTSPOT: dict[int, str] = {
    3: "#930f1e",
    2: "#d9634b",
    1: "#f7b99b",
    0: "#f4f4f1",
    -1: "#cbe1ef",
    -2: "#85b8da",
    -3: "#3f7dba",
}
"""Color of each Gi* bin, from hot at 99 % to cold at 99 %; hot is the darker side in gray."""


def sequential(classes: int, name: str = "orrd") -> tuple[str, ...]:
    """Return the colors of that many classes above zero, light to dark.

    Examples
    --------
    >>> sequential(2), sequential(2, "viridis")
    (('#fdb881', '#cd2717'), ('#dae319', '#440154'))
    """
    if name not in NAMES:
        raise SettingsError(f"{name!r} is not a palette; choose {', '.join(NAMES)}")
    if classes not in _SEQUENTIAL:
        raise SettingsError(
            f"a legend can hold 1 to {max(_SEQUENTIAL)} classes above zero, not {classes}; "
            "ask for fewer class breaks"
        )
    if name == "orrd":
        return _SEQUENTIAL[classes]
    ramp, last = _OTHER[name], len(_OTHER[name]) - 1
    steps = (
        [last // 2] if classes == 1 else [round(at * last / (classes - 1)) for at in range(classes)]
    )
    return tuple(ramp[step] for step in steps)


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
