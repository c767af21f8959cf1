"""The table of all controls of the map's page; ``test_controls.py`` holds it against the page."""

from __future__ import annotations

from tests.browser.controls import (
    Control,
    at_area,
    both,
    bubble,
    chosen,
    dragged,
    either,
    farther,
    fingers,
    gone,
    middle,
    moved,
    nearer,
    on_screen,
    painted,
    point,
    press,
    saved,
    seen,
    sorted_by,
    state,
    titled,
    typed,
    value,
    view,
)

CARD = "geoMap.look.choose('municipality', '25006')"
SHAPE = ".geo-child[aria-haspopup=dialog]"


def script(text):
    return lambda opened: opened.page.evaluate(text)


def wheel(up):
    def act(opened, control):
        opened.page.mouse.move(*middle(opened, control.pressed))
        opened.page.mouse.wheel(0, -240 if up else 240)

    return act


def pinch(opened, control):
    x, y = middle(opened, control.pressed)
    fingers(opened, ((x - 20, y), (x - 90, y)), ((x + 20, y), (x + 90, y)))


def to_bubble(way):
    def act(opened, _control):
        if way == "mouse":
            opened.page.mouse.move(*bubble(opened))
        else:
            point(opened, way, *bubble(opened))

    return act


def to_cluster(way):
    def act(opened, _control):
        [one] = [one for one in opened.look("clusters") if one["rank"] == 1]
        point(opened, way, *on_screen(opened, one))

    return act


def to_bar(opened, _control):
    left, top, right, _ = opened.rectangle(".time-field")
    opened.page.mouse.click(left + 0.45 * (right - left), top + 30)


def hover(opened, control):
    opened.page.mouse.move(*middle(opened, control.pressed))


def listed(number):
    return value("#geo-table tbody", f"e => e.children.length === {number}")


def near_the_end(opened, way, control):
    _, top, right, bottom = opened.rectangle(control.selector)
    point(opened, way, right - 20, (top + bottom) / 2)


CONTROLS = {
    # ---- the head ----
    "tools menu": Control(
        selector="#geo-tools-menu", on="phone", effect=seen("#geo-tools-list .tool", "Table")
    ),
    "table": Control(
        selector="#geo-tool-table", within="tools", effect=seen("#geo-table[open] tbody tr")
    ),
    "compare": Control(
        selector="#geo-tool-compare",
        within="tools",
        effect=both(state(compare=True), seen(".swipe-handle")),
    ),
    "link": Control(
        selector="#geo-tool-link",
        within="tools",
        effect=lambda o: "#level=municipality&measure=count" in o.page.evaluate("window.copied"),
    ),
    "link by hand": Control(
        selector="#geo-tool-link",
        within="tools",
        before=script("window.refuses = true"),
        effect=both(
            seen("#geo-link[open]"),
            value("#geo-link-field", "e => e.value.includes('#level=') && e.selectionEnd > 9"),
        ),
    ),
    "picture": Control(
        selector="#geo-tool-picture", within="tools", effect=saved(b"\x89PNG\r\n\x1a\n")
    ),
    "print": Control(
        selector="#geo-tool-print",
        within="tools",
        effect=lambda o: o.page.evaluate("window.printed") == 1,
    ),
    "language": Control(
        selector="#geo-language",
        effect=both(state(language="es"), seen("#geo-language", "English")),
    ),
    # ---- the panel ----
    "panel": Control(
        selector="#geo-panel-open", on="phone", effect=seen("#geo-panel.open #geo-panel-close")
    ),
    "panel's close": Control(
        selector="#geo-panel-close", on="phone", within="panel", effect=gone("#geo-panel")
    ),
    "search": Control(
        selector="#geo-find",
        within="panel",
        effect=seen("#geo-found li", "Mérida"),
        **typed("merida"),
    ),
    "found area": Control(
        selector="#geo-found li",
        within="found",
        effect=both(seen("#geo-card h2", "Mérida"), view(nearer)),
        keyboard=lambda o, _: press(o, "keyboard", "#geo-find", ("ArrowDown", "Enter")),
    ),
    **{
        f"measure {key}": Control(
            selector=f"#geo-measure-{key}",
            target=f"label[for=geo-measure-{key}]",
            within="panel",
            first={"measure": "count" if key != "count" else "rate"},
            effect=painted(key),
            keyboard=lambda o, c: press(o, "keyboard", c.selector, ("Space",)),
        )
        for key in (
            "count", "rate", "smoothed", "change", "share", "hotspots", "outliers", "emerging",
        )
    },
    **{
        f"level {level}": Control(
            selector=f"#geo-level-{level}",
            within="panel",
            first={"level": other},
            effect=both(
                state(level=level),
                lambda o: len(o.look("classes")) != len(o.kept["classes"]),
            ),
            keys=("Space",),
        )
        for level, other in (("state", "municipality"), ("municipality", "state"))
    },
    "base": Control(
        selector="#geo-base",
        within="panel",
        first={"measure": "change", "base": [12, 23]},
        effect=both(
            lambda o: o.look("state")["base"] == [0, 11], seen("#geo-legend", "Base window: 2022")
        ),
        **chosen(0),
        keys=("ArrowUp",),
    ),
    "category": Control(
        selector="#geo-category",
        within="panel",
        effect=both(
            state(category="event_type:0"), lambda o: o.look("classes") != o.kept["classes"]
        ),
        **chosen(1),
        keys=("ArrowDown",),
    ),
    "colors": Control(
        selector="#geo-palette",
        within="panel",
        effect=lambda o: o.look("colors") != o.kept["colors"],
        **chosen(1),
        keys=("ArrowDown",),
    ),
    **{
        f"layer {name}": Control(
            selector=f"#geo-{name}",
            target=f"label[for=geo-{name}]",
            within="panel",
            paints=canvas,
            effect=lambda o, name=name, key=key, canvas=canvas: (
                o.look("state")[key]
                and o.page.is_visible(f"#geo-legend-{name}")
                and o.fingerprint(canvas) != o.kept["painted"]
            ),
            keys=("Space",),
        )
        for name, key, canvas in (
            ("scan", "layerScan", 1), ("density", "layerDensity", 0), ("points", "layerPoints", 1),
        )
    },
    "cluster": Control(
        selector=".cluster",
        within="panel",
        first={"layerScan": True},
        effect=both(state(cluster=1), view(nearer)),
    ),
    "few events": Control(
        selector="#geo-few",
        within="panel",
        first={"measure": "rate"},
        paints=0,
        effect=both(
            state(markFew=False), lambda o: o.fingerprint() != o.kept["painted"]
        ),
        keys=("Space",),
    ),
    "background": Control(
        selector="#geo-background-on",
        within="panel",
        effect=lambda o: o.page.locator(".has-tiles").count() == 0,
        keys=("Space",),
    ),
    "long legend": Control(
        selector="#geo-legends",
        ways=("mouse", "keyboard"),
        first={"measure": "emerging"},
        effect=value("#geo-legends", "e => e.scrollTop > 0"),
        mouse=wheel(up=False),
        keys=("End",),
    ),
    # ---- the map ----
    "area": Control(
        selector="#geo_map",
        ways=("mouse", "touch"),
        effect=seen("#geo-card h2", "Juárez"),
        **at_area("08037"),
    ),
    "moving": Control(
        selector="#geo_map", effect=view(moved), **dragged(60, 40), keys=("ArrowRight",)
    ),
    "nearing": Control(
        selector="#geo_map", effect=view(nearer), mouse=wheel(up=True), touch=pinch, keys=("+",)
    ),
    "zoom in": Control(selector=".leaflet-control-zoom-in", effect=view(nearer)),
    "zoom out": Control(
        selector=".leaflet-control-zoom-out",
        before=script("document.querySelector('.leaflet-control-zoom-in').click()"),
        effect=view(farther),
    ),
    "bubble": Control(
        selector="#geo-point",
        first={"layerPoints": True},
        effect=seen("#geo-tip.of-layer", "events"),
        mouse=to_bubble("mouse"),
        touch=to_bubble("touch"),
        keys=("End", "Home"),
    ),
    "area of a bubble": Control(
        selector="#geo-point",
        ways=("mouse", "keyboard"),
        first={"layerPoints": True},
        effect=seen("#geo-card h2"),
        mouse=lambda o, _: point(o, "mouse", *bubble(o)),
    ),
    "number of a cluster": Control(
        selector="#geo_map",
        ways=("mouse", "touch"),
        first={"layerScan": True},
        effect=both(state(cluster=1), view(nearer)),
        mouse=to_cluster("mouse"),
        touch=to_cluster("touch"),
    ),
    "shape of the author": Control(
        selector=SHAPE, effect=seen(".leaflet-popup .said", "Ships call here."), keys=("Enter",)
    ),
    "words of a shape": Control(
        selector=".geo-child:not([aria-haspopup])",
        ways=("mouse", "keyboard"),
        effect=seen(".geo-tooltip", "Road"),
        mouse=hover,
        keyboard=lambda o, _: press(o, "keyboard", SHAPE, ("ArrowRight",)),
    ),
    "popup's close": Control(
        selector=".leaflet-popup-close-button",
        before=lambda o: press(o, "keyboard", SHAPE),
        effect=gone(".leaflet-popup"),
    ),
    "card's close": Control(
        selector="#geo-card-close", before=script(CARD), effect=gone("#geo-card")
    ),
    "card": Control(
        selector="#geo-card",
        before=script(CARD),
        effect=either(gone("#geo-card"), value("#geo-card", "e => e.scrollTop > 0")),
        mouse=wheel(up=False),
        touch=dragged(0, -120)["touch"],
        keyboard=lambda o, _: press(o, "keyboard", "#geo-card-close", ("Escape",)),
    ),
    "divider": Control(
        selector=".swipe-handle",
        first={"compare": True},
        paints=0,
        effect=both(
            lambda o: o.look("state")["split"] < 0.5,
            lambda o: o.fingerprint() != o.kept["painted"],
        ),
        **dragged(-60, 0),
        keys=("ArrowLeft",),
    ),
    # ---- the time bar ----
    "step back": Control(selector="#geo-time-back", first={"at": 30}, effect=state(at=29)),
    "step forward": Control(selector="#geo-time-forward", first={"at": 30}, effect=state(at=31)),
    "play": Control(
        selector="#geo-time-play",
        first={"at": 34},
        effect=lambda o: o.look("state")["at"] > 34,
    ),
    "pause": Control(
        selector="#geo-time-play",
        first={"at": 20, "playing": True},
        effect=both(state(playing=False, at=20), titled("#geo-time-play", "Play")),
    ),
    "time": Control(
        selector="#geo-time-at",
        effect=lambda o: 11 < o.look("state")["at"] < 35 and o.look("classes") != o.kept["classes"],
        mouse=to_bar,
        touch=lambda o, c: point(o, "touch", *middle(o, c.selector)),
        keys=("PageDown",),
    ),
    "time compared": Control(
        selector="#geo-time-compareAt",
        first={"compare": True, "compareAt": 23},
        effect=lambda o: o.look("state")["compareAt"] != 23,
        mouse=lambda o, c: near_the_end(o, "mouse", c),
        touch=lambda o, c: near_the_end(o, "touch", c),
        keys=("ArrowRight",),
    ),
    **{
        f"window {n}": Control(
            selector=f"#geo-window-{n}",
            first={"window": 3 if n != 3 else 12},
            effect=both(state(window=n), lambda o: o.look("classes") != o.kept["classes"]),
            keys=("Space",),
        )
        for n in (1, 3, 12)
    },
    # ---- sources and method ----
    "sources": Control(
        selector="#geo-about-open", effect=seen("#geo-about[open]", "Sources and method")
    ),
    "sources' close": Control(
        selector="#geo-about button.close", within="about", effect=gone("#geo-about")
    ),
    "details": Control(
        selector="#geo-about summary", within="about", effect=seen("#geo-about details pre")
    ),
    "text of details": Control(
        selector="#geo-about pre",
        within="about",
        before=script("document.querySelector('#geo-about details').open = true"),
        effect=value("#geo-about pre", "e => e.scrollTop > 0"),
        mouse=wheel(up=False),
        touch=dragged(0, -60)["touch"],
        keys=("PageDown",),
    ),
    # ---- the table ----
    "table's close": Control(
        selector="#geo-table button.close", within="table", effect=gone("#geo-table")
    ),
    "filter": Control(
        selector="#geo-table-filter",
        within="table",
        effect=both(seen("#geo-table tbody th", "Culiacán"), listed(1)),
        **typed("culiacan"),
    ),
    "CSV": Control(
        selector=".table-csv", within="table", effect=saved("\ufeff".encode())
    ),
    "more rows": Control(selector=".table-more", within="table", effect=listed(200)),
    "row": Control(
        selector=".table-area",
        within="table",
        effect=both(gone("#geo-table"), seen("#geo-card h2")),
    ),
    "rows": Control(
        selector=".table-scroll",
        within="table",
        effect=value(".table-scroll", "e => e.scrollTop > 0"),
        mouse=wheel(up=False),
        touch=dragged(0, -120)["touch"],
        keys=("PageDown",),
    ),
    **{
        f"head {key}": Control(
            selector=f"#geo-table th[data-key='{key}'] .table-sort",
            within="table",
            first={"measure": "count" if key != "count" else "rate"},
            effect=sorted_by(key),
        )
        for key in (
            "area", "state", "count", "population", "rate", "interval", "smoothed", "change",
            "share", "hotspots", "outliers", "emerging",
        )
    },
    # ---- the link by hand ----
    "link's field": Control(
        selector="#geo-link-field",
        within="link",
        before=script("document.getSelection().empty(); document.activeElement.blur()"),
        effect=value(
            "#geo-link-field",
            "e => document.activeElement === e && e.selectionEnd === e.value.length",
        ),
        keys=(),
    ),
    "link's close": Control(
        selector="#geo-link button.close", within="link", effect=gone("#geo-link")
    ),
}  # fmt: skip

LISTENERS = {
    "tools: Escape closes the menu": "#geo-tools",
    "panel: Escape closes the sheet": "#geo-panel",
    "table: its keys are not the map's": "#geo-table",
    "table: the heading takes the focus when it opens": "#geo-table-title",
    "link: its keys are not the map's": "#geo-link",
    "rows: one stop for all": "#geo-table tbody",
    "bars of the time: beside the slider": ".time-field",
    "popup: Escape closes it": ".leaflet-popup",
    "Leaflet: its own layers": ".leaflet-pane, .leaflet-pane *:not(.geo-child), .leaflet-popup *",
}
"""Elements that listen for a control of the table, or take the focus in passing."""
