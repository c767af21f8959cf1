"""The map: a Folium map that is one whole page, needs nothing else and runs nothing foreign."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import folium
from jinja2 import TemplateSyntaxError

from geo.errors import OutputError
from geo.render import leaflet, page
from geo.render.checks import SIZE_LIMIT, check_page
from geo.render.children import check_children, walk
from geo.render.config import page_config, setup_block
from geo.render.csp import inline_sources, source_hash, with_policy
from geo.render.describe import describe
from geo.render.figure import PageFigure, Verbatim
from geo.render.files import write_whole
from geo.render.ground import Ground, ground_blocks, load_ground
from geo.render.mapdata import LEVELS, MapData
from geo.render.text import Language, in_html, in_script
from geo.render.timed import timed_blocks
from geo.render.values import values_block
from geo.render.words import say, words
from geo.steps.query import Query
from geo.study.results import Results
from geo.study.run import run_study

BOUNDS = ((14.3, -117.6), (32.9, -86.4))
"""South-west and north-east corner of the first view, latitude first as Leaflet has it."""


class EventMap(folium.Map):
    """The areas of Mexico, colored by what happened in them.

    Shapes of Folium (circles, lines, polygons) can be added with ``add_child``; children that
    would fetch something or write text into scripts are refused when the map is written.

    Parameters
    ----------
    results
        The results of a study, a query, or the description of a map.
    lang
        Language in which the page opens, ``"en"`` or ``"es"``; readers can switch.
    ground
        Shapes and names; those that `geo` ships if not given.

    Raises
    ------
    SchemaError, SettingsError
        The description cannot be drawn; the message says why.
    """

    # Folium's defaults fetch jQuery, Bootstrap, fonts and icons. Nothing here uses them.
    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(
        self,
        results: Results | MapData | Query,
        lang: Language = "en",
        *,
        ground: Ground | None = None,
    ) -> None:
        results = run_study(results) if isinstance(results, Query) else results
        data = results if isinstance(results, MapData) else describe(results)
        data.check()
        words(lang)
        super().__init__(location=(23.6, -102.0), tiles=None, zoom_start=5)
        self._name, self._id = "Geo", "map"
        self.data = data
        self.lang: Language = lang
        self.ground = load_ground() if ground is None else ground
        PageFigure(title=data.title[lang], language=lang).add_child(self, name="map")

    def html(self, *, lang: Language | None = None) -> str:
        """Return the finished page.

        The same map gives the same text, whenever and wherever it is written.

        Parameters
        ----------
        lang
            Language in which the page opens, if not the map's own.

        Raises
        ------
        OutputError
            A child is refused, or the page would not stand for itself.
        """
        figure = self._figure()
        usual, spoken = self.lang, lang or self.lang
        words(spoken)
        check_children(self)
        for slot in (figure.header, figure.html, figure.script):
            check_children(slot)
        try:
            self.lang = figure.language = spoken
            figure.title = self.data.title[spoken]
            text = figure.render()
        except TemplateSyntaxError as error:
            raise OutputError(
                "a child of the map holds text with Jinja braces, which Folium cannot write: "
                f"{error.message}; remove it"
            ) from error
        finally:
            self.lang = figure.language = usual
        text = self._named_in_order(text)
        _check_sources(text)
        text = with_policy(text)
        check_page(text, limit=SIZE_LIMIT)
        return text

    def save(  # type: ignore[override]
        self, outfile: str | os.PathLike[str], *, lang: Language | None = None
    ) -> Path:
        """Write the page as one file, whole or not at all.

        Parameters
        ----------
        outfile
            Path of the file; a file that is there is replaced.
        lang
            Language in which the page opens, if not the map's own.

        Returns
        -------
        Path
            Where the page is now.

        Raises
        ------
        OutputError
            The page cannot be made or written; an older file is untouched.
        """
        return write_whole(outfile, self.html(lang=lang))

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Write this map and its children into the figure."""
        figure = self._figure()
        figure.header.add_child(Verbatim(self.head_html()), name="map")
        figure.html.add_child(Verbatim(self.body_html()), name="map")
        figure.script.add_child(Verbatim(self.start_script()), name="map")
        for child in list(self._children.values()):
            child.render(**kwargs)
        return ""

    def head_html(self) -> str:
        """Return Leaflet and the page's own styles and scripts."""
        return (
            f"<style>\n{leaflet.style()}\n</style>\n"
            f"<style>\n{page.styles()}\n</style>\n"
            f"<script>\n{leaflet.script()}\n</script>\n"
            f"<script>\n{page.scripts()}\n</script>"
        )

    def body_html(self) -> str:
        """Return the skeleton of the page and its blocks of data."""
        data = self.data
        names = {level: table.names for level, table in data.levels.items()}
        blocks = ground_blocks(self.ground, names)
        codes = {level: self.ground.codes(level) for level in LEVELS}
        if data.timed is not None:
            blocks += timed_blocks(data.timed, codes)
        else:
            blocks += [
                values_block(level, data.levels[level], codes[level]) for level in data.levels
            ]
        blocks.append(setup_block(data))
        config = in_script(page_config(data, blocks, self.lang))
        skeleton = page.asset("html", "skeleton.html").replace(
            "<!-- map -->", f'<div class="folium-map" id="{self.get_name()}"></div>'
        )
        noscript = page.without_scripts(data, self.lang)
        stored = "\n".join(
            f'<script type="text/plain" id="geo-block-{block.name}">{block.payload}</script>'
            for block in blocks
        )
        return (
            f"<noscript>\n{noscript}\n</noscript>\n{skeleton}\n{stored}\n"
            f'<script type="application/json" id="geo-config">{config}</script>'
        )

    def start_script(self) -> str:
        """Return the script that makes the map and starts the page."""
        name = self.get_name()
        return (
            f"var {name} = L.map({in_script(name)}, geoMap.mapOptions);\n"
            f"geoMap.start({name}, {in_script(BOUNDS)});"
        )

    def _repr_html_(self, **_: object) -> str:
        """Return a few lines for notebooks; the page itself is too much for a cell."""
        data, lang = self.data, self.lang
        made_up = (
            f"<p><strong>{in_html(say(lang, 'madeUp.long'))}</strong></p>" if data.made_up else ""
        )
        table = page.area_table(data, lang, limit=10) if "state" in data.levels else ""
        return (
            f"<div><h3>{in_html(data.title[lang])}</h3>{made_up}"
            f"<p>{in_html(page.plain_caption(data, lang))}</p>{table}"
            f"<p><code>.save(&quot;map.html&quot;)</code></p></div>"
        )

    def _figure(self) -> PageFigure:
        root = self.get_root()
        if not isinstance(root, PageFigure):
            root = PageFigure(title=self.data.title[self.lang], language=self.lang)
            root.add_child(self, name="map")
        return root

    def _named_in_order(self, text: str) -> str:
        """Put numbers in place of the random names that branca gave to the children."""
        for number, child in enumerate(walk(self)):
            text = text.replace(child._id, str(number))
        return text


def _check_sources(text: str) -> None:
    """Refuse scripts and styles that a child brought: the policy would allow whatever is there."""
    sources = inline_sources(text)
    own = {
        "style": [source_hash(f"\n{text}\n") for text in (leaflet.style(), page.styles())],
        "script": [source_hash(f"\n{text}\n") for text in (leaflet.script(), page.scripts())],
    }
    foreign = len(set(sources["style"]) - set(own["style"]))
    # One script is the map's own start, with what the children draw.
    foreign += len(set(sources["script"]) - set(own["script"])) - 1
    if foreign or not set(own["script"]) <= set(sources["script"]):
        raise OutputError(
            "a child of the map wrote a script or a style of its own into the page; remove it, or "
            "draw it with a shape such as folium.CircleMarker"
        )
