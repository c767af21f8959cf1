"""What a layer is made of before anything is written: fields, rows, shapes, styles, time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element, tostring

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.render.text import Language, clean

Kind = Literal["text", "integer", "number", "date", "claim"]
Shape = Literal["point", "area"]
Shapes: TypeAlias = npt.NDArray[np.object_]

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

CODE = "cvegeo"
"""The field by which values are joined to areas."""


def fit(text: object) -> str:
    r"""Return text that QGIS shows as it is, on one line and without a character XML cannot hold.

    QGIS evaluates what stands between ``[%`` and ``%]`` in a label, a legend or a title, so the
    two are parted by a character without width.

    Examples
    --------
    >>> fit("a\n<b> [%env('HOME')%]") == "a <b> [\u2060%env('HOME')%]"
    True
    """
    return clean(" ".join(str(text).split())).replace("[%", "[\u2060%")


def as_text(root: Element) -> str:
    """Return an element as text; a character that no document may hold is replaced by a mark.

    Examples
    --------
    >>> as_text(Element("name", {"of": "a]]>b"}))
    '<name of="a]]&gt;b" />'
    """
    for element in root.iter():
        element.text = element.text and _UNWRITABLE.sub("\ufffd", element.text)
        for name, value in element.attrib.items():
            element.attrib[name] = _UNWRITABLE.sub("\ufffd", value)
    return tostring(root, encoding="unicode")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a layer: its name in the file, and what people read of it."""

    name: str
    kind: Kind
    alias: str
    meaning: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """One way to draw a layer: the renderer's element, and its name in the list of styles."""

    name: str
    renderer: Element


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written on a layer, and the scale from which on (0: at every scale).

    ``text`` is an expression.
    """

    text: str
    size: float
    from_scale: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Temporal:
    """When a feature is shown: from a field to a field, or for one day from an instant."""

    start: str
    end: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """A layer, whole: a table of its own, or values that a view joins to the areas of another.

    Attributes
    ----------
    name
        Of the table or view in the file; the same in every language.
    title, abstract
        What people read.
    shape
        Points, or areas (multipolygons).
    fields
        Columns in order; all of them are in ``rows``.
    rows
        The values.
    shapes
        A geometry a row; None for a view.
    base, taken
        For a view: the layer whose areas it shows, by :data:`CODE`, and the fields taken from it.
    of_period
        For a view: fields that are the same for all areas of a period, and are stored once.
    styles
        The first is the default.
    labels, temporal
        What is written on it, and when it is shown.
    display
        An expression that names a feature.
    """

    name: str
    title: str
    abstract: str
    shape: Shape
    fields: tuple[Field, ...]
    rows: pd.DataFrame
    shapes: Shapes | None
    base: str | None = None
    taken: tuple[Field, ...] = ()
    of_period: tuple[str, ...] = ()
    styles: tuple[Style, ...]
    labels: Labels | None = None
    temporal: Temporal | None = None
    display: str = ""

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Columns as QGIS sees them: those taken from the base stand behind the code."""
        return (self.fields[0], *self.taken, *self.fields[1:]) if self.taken else self.fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """A raster beside the GeoPackage, with the element that draws it."""

    file: str
    title: str
    abstract: str
    pipe: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Layers that stand together in the tree: name and whether each is switched on."""

    title: str
    members: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A set of layers that is shown together, each with the name of its style.

    ``note`` is the title with the unit of what is shown.
    """

    title: str
    note: str
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time that a project steps through."""

    start: dt.datetime
    end: dt.datetime
    step: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What must be said with the results, in one language."""

    language: Language
    title: str
    subtitle: str
    source: tuple[str, ...]
    method: str
    notes: tuple[str, ...]
    history: str
    credits: tuple[str, ...]
    licences: tuple[str, ...]
    period: tuple[dt.date, dt.date]
    made_up: str | None
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Content:
    """Everything that a folder for QGIS holds, before a byte of it is written.

    Attributes
    ----------
    name
        Of the files.
    layers
        In the order of the file: points before areas, small areas before large ones.
    raster
        A surface, if there is one.
    groups, themes
        Of the tree, upper first; the first theme is what the layout shows.
    current
        Of layers that do not show their default style at first, the name of the style.
    relations
        Name, layer that refers, layer that is referred to; by :data:`CODE`.
    clock, said
        Time of the project, and words.
    """

    name: str
    layers: tuple[Layer, ...]
    raster: Raster | None
    groups: tuple[Group, ...]
    themes: tuple[Theme, ...]
    current: Mapping[str, str]
    relations: tuple[tuple[str, str, str], ...]
    clock: Clock | None
    said: Said

    def layer(self, name: str) -> Layer:
        """Return a layer by the name of its table."""
        return next(layer for layer in self.layers if layer.name == name)
