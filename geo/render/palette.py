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

RATIO = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
"""Colors of change, from a quarter or less to more than four times; the middle is no change."""

NAMES = ("orrd", "cividis", "viridis")
"""The sequential palettes that a reader can choose; the first is the default."""

_OTHER: dict[str, tuple[str, ...]] = {
    # Sampled at equal steps from light to dark, without the ends that are nearly white or black.
    "cividis": ("#f2e05b", "#cdbb5c", "#aa9c68", "#86807a", "#666a75", "#424f6d", "#133362"),
    "viridis": ("#dae319", "#86d549", "#3fbc73", "#1f988b", "#2e708e", "#414487", "#440154"),
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


def sequential(classes: int, name: str = "orrd") -> tuple[str, ...]:
    """Return the colors of that many classes above zero, light to dark.

    Examples
    --------
    >>> sequential(2), sequential(2, "viridis")
    (('#fdbb84', '#d7301f'), ('#dae319', '#440154'))
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
