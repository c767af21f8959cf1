"""From classes to the renderers of QGIS: graduated, categorized, by rules, heat map.

Bounds and colors are those of the map. A value on a bound belongs to the lower class, as there.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from geo.export.qgis import symbols
from geo.export.qgis.parts import fit
from geo.render import palette
from geo.stats.breaks import ClassBreaks

NONE = -1.0
"""What stands for "no value" in a graduated renderer, which does not draw NULL; all values are
zero or more."""


ASKED, PART, NOT_ASKED = "asked", "part", "not_asked"
"""The column that says whether a query asked for an area, and two of its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes of one measure, ready to be drawn.

    Attributes
    ----------
    title
        Name of the style.
    field
        The column that is classified.
    breaks
        Bounds; None where ``values`` lists what the column holds, one word a class.
    colors, names
        Of each class, lowest first.
    missing
        What an area without a value is called; ``missing_value`` is what the column then holds.
    few
        What the mark of few events is called, and the column that says where; None without.
    outside, part
        What areas are called of which nothing was asked, and those asked for in part; empty where
        there are none. The column :data:`ASKED` says which they are, and a column of words holds
        :data:`NOT_ASKED`.
    edge_mm
        Width of the line between areas.
    """

    title: str
    field: str
    colors: tuple[str, ...]
    names: tuple[str, ...]
    missing: str
    breaks: ClassBreaks | None = None
    values: tuple[str, ...] = ()
    missing_value: str = ""
    few: tuple[str, str] | None = None
    outside: str = ""
    part: str = ""
    edge_mm: float = 0.06


def renderer_of(classes: Classes) -> Element:
    """Return how QGIS draws the areas of these classes."""
    if classes.breaks is None:
        return _categorized(classes)
    is_plain = classes.few is None and not (classes.outside or classes.part)
    return _graduated(classes) if is_plain else _ruled(classes, classes.breaks)


def _graduated(classes: Classes) -> Element:
    made = Element(
        "renderer-v2",
        type="graduatedSymbol",
        attr=f"coalesce({column(classes.field)}, {NONE:g})",
        graduatedMethod="GraduatedColor",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    ranges = SubElement(made, "ranges")
    drawn = SubElement(made, "symbols")
    intervals = () if classes.breaks is None else classes.breaks.intervals
    for at, ((low, high), name) in enumerate(zip(intervals, classes.names, strict=True)):
        _range(ranges, at, low, high, name)
        drawn.append(symbols.fill(str(at), classes.colors[at], width=classes.edge_mm))
    last = len(intervals)
    _range(ranges, last, NONE, NONE, classes.missing)
    drawn.append(symbols.missing(str(last), width=classes.edge_mm))
    return made


def _range(parent: Element, at: int, low: float, high: float, name: str) -> None:
    SubElement(
        parent,
        "range",
        lower=repr(float(low)),
        upper=repr(float(high)),
        symbol=str(at),
        label=fit(name),
        render="true",
    )


def _categorized(classes: Classes) -> Element:
    rows = [
        (value, name, symbols.fill(str(at), ground, width=classes.edge_mm))
        for at, (value, name, ground) in enumerate(
            zip(classes.values, classes.names, classes.colors, strict=True)
        )
    ]
    missing = symbols.missing(str(len(rows)), width=classes.edge_mm)
    rows.append((classes.missing_value, classes.missing, missing))
    if classes.outside:
        rows.append((NOT_ASKED, classes.outside, _outside(len(rows), classes)))
    return _by_category(classes.field, rows)


def _outside(at: int, classes: Classes) -> Element:
    return symbols.fill(str(at), palette.NOT_ASKED, width=classes.edge_mm)


def _by_category(field: str, rows: Sequence[tuple[str, str, Element]]) -> Element:
    """Return a renderer of categories: value, label and symbol of each."""
    made = Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr=field,
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    categories = SubElement(made, "categories")
    drawn = SubElement(made, "symbols")
    for at, (value, name, symbol) in enumerate(rows):
        SubElement(
            categories,
            "category",
            value=value,
            label=fit(name),
            symbol=str(at),
            render="true",
            type="string",
        )
        drawn.append(symbol)
    return made


def _ruled(classes: Classes, breaks: ClassBreaks) -> Element:
    """Return rules: an area is drawn by its class, and marked where that rests on few events.

    So are areas asked for in part.
    """
    value = column(classes.field)
    rules: list[tuple[str, str, Element]] = []
    for at, ((low, high), name) in enumerate(zip(breaks.intervals, classes.names, strict=True)):
        closed = at == 0 and not breaks.zero_class
        above = ">=" if closed else ">"
        test = (
            f"{value} = {low!r}"
            if low == high
            else f"{value} {above} {low!r} AND {value} <= {high!r}"
        )
        rules.append((test, name, symbols.fill(str(at), classes.colors[at], width=classes.edge_mm)))
    is_missing, is_outside = f"{value} IS NULL", f"{column(ASKED)} = '{NOT_ASKED}'"
    if classes.outside:
        is_missing = f"{is_missing} AND NOT ({is_outside})"
    missing = symbols.missing(str(len(rules)), width=classes.edge_mm)
    rules.append((is_missing, classes.missing, missing))
    if classes.outside:
        rules.append((is_outside, classes.outside, _outside(len(rules), classes)))
    if classes.few is not None:
        name, field = classes.few
        rules.append((column(field), name, symbols.dots(str(len(rules)))))
    if classes.part:
        test = f"{column(ASKED)} = '{PART}' AND {value} IS NOT NULL"
        rules.append((test, classes.part, symbols.crossed(str(len(rules)))))
    return by_rules(classes.field, rules)


def by_rules(seed: str, rules: Sequence[tuple[str, str, Element]]) -> Element:
    """Return a renderer of rules: filter, label and symbol of each; all that fit are drawn."""
    made = Element(
        "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    root = SubElement(made, "rules", key=key(seed, "root"))
    drawn = SubElement(made, "symbols")
    for at, (test, name, symbol) in enumerate(rules):
        SubElement(root, "rule", filter=test, label=fit(name), symbol=str(at), key=key(seed, test))
        drawn.append(symbol)
    return made


def of_points(field: str, classes: Sequence[tuple[str, str, str]], *, size: float) -> Element:
    """Return points by category: value, name and color of each."""
    rows = [
        (value, name, symbols.marker(str(at), ground, size=size))
        for at, (value, name, ground) in enumerate(classes)
    ]
    return _by_category(field, rows)


def heat(colors: Sequence[str], *, radius_mm: float = 5.0) -> Element:
    """Return a heat map that QGIS makes of points while it draws."""
    made = Element(
        "renderer-v2",
        type="heatmapRenderer",
        radius=f"{radius_mm:g}",
        radius_unit="0",
        radius_map_unit_scale="3x:0,0,0,0,0,0",
        max_value="0",
        quality="2",
        weight_expression="",
        forceraster="0",
    )
    ramp = SubElement(made, "colorramp", type="gradient", name="[source]")
    stops = ":".join(
        f"{at / (len(colors)):g};{symbols.color(one)}" for at, one in enumerate(colors) if at
    )
    symbols.options(
        ramp,
        {
            "color1": symbols.color(colors[0], 0.0),
            "color2": symbols.color(colors[-1]),
            "discrete": "0",
            "rampType": "gradient",
            "stops": stops,
        },
    )
    return made


def column(name: str) -> str:
    """Return a column as an expression of QGIS names it.

    Examples
    --------
    >>> column('a "quoted" name')
    '"a ""quoted"" name"'
    """
    return '"' + name.replace('"', '""') + '"'


def key(*parts: str) -> str:
    """Return an id that is the same each time for the same parts.

    Examples
    --------
    >>> key("a") == key("a"), key("a") == key("b"), len(key("a"))
    (True, False, 38)
    """
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(("geo", *parts)))) + "}"
