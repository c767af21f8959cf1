"""Classes stay apart for every reader: with color blindness, and on a gray print.

Distances are CIE76 in CIELAB (D65). Color blindness is simulated on linear light with the matrices
of Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color
vision deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), severity 1.0.
"""

import itertools
import re

import numpy as np
import pytest

from geo.errors import SettingsError
from geo.render import label_colors, legend, palette
from geo.render.page import asset

VISIONS = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
LEAST_DISTANCE = 9.0
"""Far above what is just seen (2.3), and above the weakest of the palettes in wide use: YlOrRd of
six has 7.5 and RdYlGn of five 6.2 with deuteranopia, RdBu of seven 8.3 with protanopia."""

LEAST_STEP = 5.0
"""Of lightness, between any two classes of a legend: on a gray print nothing else is left. It is
more than twice what is just seen; the ramp of orange and red keeps nine and more."""

SEQUENTIAL = {
    f"{name} {classes}": (palette.ZERO, *palette.sequential(classes, name))
    for name in palette.NAMES
    for classes in range(1, 8)
}
DIVERGING = {
    "change": palette.RATIO,
    "hotspots": tuple(palette.HOTSPOT[bin_] for bin_ in range(-3, 4)),
}
LEGENDS = (
    SEQUENTIAL
    | DIVERGING
    | {
        "categories": palette.CATEGORIES,
        "outliers": tuple(label_colors.OUTLIER.values()),
    }
)
LINED = {
    lines: tuple(
        color
        for word, color in label_colors.EMERGING.items()
        if label_colors.is_lined(word) is lines
    )
    for lines in (False, True)
}
"""Labels of emerging hotspots without and with lines over their color."""


def lab(color, vision):
    light = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    seen = np.clip(vision @ linear, 0, 1)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    x, y, z = to_xyz @ seen / [0.95047, 1.0, 1.08883]
    x, y, z = (np.cbrt(t) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_distance(colors, vision):
    seen = [lab(color, VISIONS[vision]) for color in colors]
    return min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2))


def gray(colors):
    return np.array([palette.lightness(color) for color in colors])


def test_the_ruler_gives_the_figures_of_known_palettes():
    ylorrd = ("#ffffb2", "#fed976", "#feb24c", "#fd8d3c", "#f03b20", "#bd0026")
    rdylgn = ("#d7191c", "#fdae61", "#ffffbf", "#a6d96a", "#1a9641")

    assert least_distance(ylorrd, "deutan") == pytest.approx(7.5, abs=0.5)
    assert least_distance(rdylgn, "deutan") == pytest.approx(6.2, abs=0.5)
    assert np.linalg.norm(lab("#ffffff", VISIONS["normal"]) - [100, 0, 0]) < 0.01


@pytest.mark.parametrize("vision", VISIONS)
def test_labels_of_emerging_hotspots_are_told_apart_with_every_color_vision(vision):
    labels = tuple(label_colors.EMERGING.values())

    assert len(labels) == 17
    assert least_distance(labels, vision) >= LEAST_DISTANCE


@pytest.mark.parametrize("lines", LINED)
def test_labels_are_told_apart_on_a_gray_print_by_lightness_and_lines(lines):
    shades = gray(LINED[lines])

    assert len(shades) == (8 if lines else 9)
    assert np.diff(np.sort(shades)).min() >= LEAST_STEP
    # From what is over to what grows it gets darker; the first without lines is no pattern.
    assert (np.diff(shades) < 0).all()


def test_lines_are_seen_on_every_color_that_has_them():
    for color in LINED[True]:
        assert abs(palette.lightness(color) - palette.lightness(legend.few_ink(color))) > 15


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", LEGENDS)
def test_classes_are_told_apart_with_every_color_vision(name, vision):
    assert least_distance(LEGENDS[name], vision) >= LEAST_DISTANCE


@pytest.mark.parametrize("name", LEGENDS)
def test_classes_are_told_apart_on_a_gray_print(name):
    shades = np.sort(gray(LEGENDS[name]))

    assert np.diff(shades).min() >= LEAST_STEP


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_more_is_darker(name):
    assert (np.diff(gray(SEQUENTIAL[name])) < 0).all()


@pytest.mark.parametrize("classes", range(1, 8))
def test_zero_is_not_taken_for_the_lowest_class_of_the_usual_ramp(classes):
    assert -np.diff(gray(SEQUENTIAL[f"orrd {classes}"])).max() >= 9


@pytest.mark.parametrize("name", DIVERGING)
def test_both_sides_get_darker_from_the_middle_and_more_is_the_darker_side(name):
    shades = gray(DIVERGING[name])

    assert (np.diff(shades[:4]) > 0).all()
    assert (np.diff(shades[3:]) < 0).all()
    assert (shades[:2:-1] < shades[:4])[:3].all()


def test_no_data_is_told_by_its_hatching():
    ground, lines = gray([palette.MISSING, legend.MISSING_INK])

    assert legend.MISSING_HATCH.strip("/") == ""
    assert ground - lines > 20


def test_the_page_draws_no_data_and_categories_in_the_colors_of_the_pictures():
    patterns, chart = asset("js", "patterns.js"), asset("js", "chart.js")
    colors = re.search(r"const COLORS = \[(.*?)\];", chart)[1]

    assert f"missing: '{palette.MISSING}'" in patterns
    assert f"hatch: '{legend.MISSING_INK}'" in patterns
    assert tuple(re.findall(r"#[0-9a-f]{6}", colors)) == palette.CATEGORIES


def test_a_palette_that_is_not_known_or_too_long_says_what_can_be_had():
    with pytest.raises(SettingsError, match="choose orrd, cividis, viridis"):
        palette.sequential(3, "jet")
    with pytest.raises(SettingsError, match="1 to 7 classes above zero, not 8"):
        palette.sequential(8)
