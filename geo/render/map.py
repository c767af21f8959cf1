"""The map: a Folium map that is one whole page, needs nothing else and runs nothing foreign."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
from jinja2 import TemplateSyntaxError

from geo.errors import OutputError, SettingsError
from geo.render import leaflet, noscript, page
from geo.render.checks import PLAIN_LIMIT, SIZE_LIMIT, check_page
from geo.render.children import check_children, walk
from geo.render.codec import Block, plain_text
from geo.render.config import page_config, setup_block
from geo.render.csp import inline_sources, source_hash, with_policy
from geo.render.describe import describe
from geo.render.figure import PageFigure, Verbatim
from geo.render.files import write_whole, zip_beside, zip_of
from geo.render.ground import Ground, ground_blocks, load_ground
from geo.render.layers import layers_of
from geo.render.mapdata import LEVELS, MapData
from geo.render.page import Feature
from geo.render.popups import Popup, Tooltip
from geo.render.text import Language, in_html, in_script
from geo.render.tiles import Tiles, given_tiles
from geo.render.timed import timed_blocks
from geo.render.values import values_block
from geo.render.words import say, words
from geo.steps.coarsen import Points
from geo.steps.query import Query
from geo.steps.scan import ScanResults
from geo.steps.surface import Surface
from geo.study.results import Results
from geo.study.run import results_of
from geo.study.settings import Detail

BOUNDS = ((14.3, -117.6), (32.9, -86.4))
"""South-west and north-east corner of the first view, latitude first as Leaflet has it."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Writing:
    """How a page is written, while it is written."""

    plain: bool = False
    tiles: Tiles | None = None
    detail: Detail = "standard"


class EventMap(folium.Map):
    """The areas of Mexico, colored by what happened in them.

    Shapes of Folium (circles, lines, polygons, GeoJSON) can be added with ``add_child``. What they
    say, a :class:`geo.Popup` and a :class:`geo.Tooltip` say as plain text. Children that would
    fetch something, or write text into scripts, are refused when the map is written.

    Parameters
    ----------
    results
        The results of a study, a query, or the description of a map.
    lang
        Language in which the page opens, ``"en"`` or ``"es"``; readers can switch.
    ground
        Shapes and names; those that `geo` ships if not given.
    clusters
        Clusters to draw as circles, from :func:`geo.find_clusters`; those of the study unless
        given.
    density
        A density to draw, from :func:`geo.event_density`; that of the study unless given.
    points
        Events as points: ``"none"``, ``"coarse"`` (on a grid of 5 km) or ``"exact"``. As the study
        says unless given, and it says none unless asked: whoever has the page has its points.

    Raises
    ------
    SchemaError, SettingsError
        The description cannot be drawn, or it is none; the message says why.

    Warns
    -----
    TermsWarning
        If points are exact.
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
        clusters: ScanResults | None = None,
        density: Surface | None = None,
        points: Points | None = None,
    ) -> None:
        results = results if isinstance(results, MapData) else results_of(results)
        data = results if isinstance(results, MapData) else describe(results)
        data.check()
        words(lang)
        super().__init__(location=(23.6, -102.0), tiles=None, zoom_start=5)
        self._name, self._id = "Geo", "map"
        self.data = data
        self.layers = layers_of(results, clusters, density, points)
        self._source = results
        self.lang: Language = lang
        self._given_ground = ground
        self._writing = _Writing()
        PageFigure(title=data.title[lang], language=lang).add_child(self, name="map")

    @property
    def ground(self) -> Ground:
        """Shapes and names of the map, in the detail in which it is being written."""
        given = self._given_ground
        return load_ground(self._writing.detail) if given is None else given

    def html(
        self,
        *,
        lang: Language | None = None,
        points: Points | None = None,
        plain: bool = False,
        tiles: Tiles | None = None,
        detail: Detail = "standard",
    ) -> str:
        """Return the finished page.

        The same map gives the same text, whenever and wherever it is written.

        Parameters
        ----------
        lang, points, plain, tiles, detail
            As in :meth:`save`.

        Raises
        ------
        SettingsError
            An option cannot be meant.
        OutputError
            A child is refused, or the page would not stand for itself.
        """
        figure = self._figure()
        usual, spoken = self.lang, lang or self.lang
        layers = self.layers
        words(spoken)
        tiles = given_tiles(tiles)
        if self._given_ground is None:
            load_ground(detail)
        elif detail != "standard":
            raise SettingsError(
                f"detail={detail!r} chooses among the shapes that geo ships, and this map was "
                "given ground=; leave one of them out"
            )
        check_children(self)
        for slot in (figure.header, figure.html, figure.script):
            check_children(slot)
        try:
            if points is not None:
                self.layers = layers.with_points(self._source, points)
            self._writing = _Writing(plain=plain, tiles=tiles, detail=detail)
            self.lang = figure.language = spoken
            figure.title = self.data.title[spoken]
            features = self._features()
            text = figure.render()
        except TemplateSyntaxError as error:
            raise OutputError(
                "a child of the map holds text with Jinja braces, which Folium cannot write: "
                f"{error.message}; remove it"
            ) from error
        finally:
            self.layers = layers
            self._writing = _Writing()
            self.lang = figure.language = usual
        text = self._named_in_order(text)
        _check_sources(text, features)
        text = with_policy(text, images=() if tiles is None else (tiles.origin,))
        check_page(text, limit=PLAIN_LIMIT if plain else SIZE_LIMIT)
        return text

    def save(  # type: ignore[override]
        self,
        outfile: str | os.PathLike[str],
        *,
        lang: Language | None = None,
        points: Points | None = None,
        plain: bool = False,
        zip: bool = False,
        tiles: Tiles | None = None,
        detail: Detail = "standard",
    ) -> Path:
        """Write the page as one file, whole or not at all.

        The page of three years of monthly events has 0.73 MB, in its archive 0.37 MB; plain it has
        1.76 MB, in its archive 0.43 MB. Low detail takes 0.09 MB from it, high detail adds 0.08 MB.

        Parameters
        ----------
        outfile
            Path of the file; a file that is there is replaced.
        lang
            Language in which the page opens, if not the map's own.
        points
            Events as points, if not as the map has them: ``"none"``, ``"coarse"``, ``"exact"``.
        plain
            Write the data as readable text instead of packed blocks, for mail gateways and readers
            that refuse what they cannot look into.
        zip
            Also write an archive of the page beside it (``map.zip`` beside ``map.html``).
        tiles
            A background to be fetched when the page is opened, see :class:`geo.Tiles`. None: the
            page fetches nothing.
        detail
            How far borders may lie from where they are: ``"low"`` 1.5 km, ``"standard"`` 500 m,
            ``"high"`` 250 m.

        Returns
        -------
        Path
            Where the page is now.

        Raises
        ------
        SettingsError
            An option cannot be meant.
        OutputError
            The page cannot be made or written; an older file is untouched.
        """
        path = Path(outfile)
        beside = zip_beside(path)
        if zip and beside == path:
            raise OutputError(f"{path} is to hold the page; let its name end in .html")
        text = self.html(lang=lang, points=points, plain=plain, tiles=tiles, detail=detail)
        if zip:
            write_whole(beside, zip_of(path.name, text))
        return write_whole(path, text)

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
        features = self._features()
        return (
            f"<style>\n{leaflet.style()}\n</style>\n"
            f"<style>\n{page.styles(features)}\n</style>\n"
            f"<script>\n{leaflet.script()}\n</script>\n"
            f"<script>\n{page.scripts(features)}\n</script>"
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
                values_block(level, data.levels[level], codes[level], data.reach)
                for level in data.levels
            ]
        blocks += self.layers.blocks(codes)
        blocks.append(setup_block(data, self.layers, self._features()))
        stored, entries = _stored(blocks, plain=self._writing.plain)
        config = in_script(page_config(data, entries, self.lang, self._writing.tiles))
        skeleton = page.asset("html", "skeleton.html").replace(
            "<!-- map -->", f'<div class="folium-map" id="{self.get_name()}"></div>'
        )
        without = noscript.without_scripts(data, self.ground, self.lang)
        return (
            f"<noscript>\n{without}\n</noscript>\n{skeleton}\n{stored}\n"
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
        """Return a picture and a few lines for notebooks; the page is too much for a cell."""
        data, lang = self.data, self.lang
        parts = [f"<h3>{in_html(data.title[lang])}</h3>"]
        if data.made_up:
            parts.append(f"<p><strong>{in_html(say(lang, 'madeUp.long'))}</strong></p>")
        if shown := noscript.preview_of(data, self.ground, lang):
            parts.append(noscript.picture(shown, lang))
        parts.append(f"<p>{in_html(page.plain_caption(data, lang))}</p>")
        parts.append(
            f"<p>{in_html(say(lang, 'notebook.save'))} <code>.save(&quot;map.html&quot;)</code></p>"
        )
        return f"<div>{''.join(parts)}</div>"

    def _features(self) -> frozenset[Feature]:
        """Return what the page has of all that it need not have."""
        found: set[Feature] = set(self.layers.names)
        if self._writing.tiles is not None:
            found.add("tiles")
        if self.data.reach:
            found.add("reach")
        figure = self._figure()
        roots = (figure, figure.header, figure.html, figure.script)
        if any(isinstance(child, (Popup, Tooltip)) for root in roots for child in walk(root)):
            found.add("children")
        return frozenset(found)

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


def _stored(blocks: Sequence[Block], *, plain: bool) -> tuple[str, list[dict[str, Any]]]:
    """Return the blocks as they stand in the page, and what the page says of each."""
    texts = [plain_text(block) if plain else block.payload for block in blocks]
    kind = "application/json" if plain else "text/plain"
    elements = [
        f'<script type="{kind}" id="geo-block-{block.name}">{text}</script>'
        for block, text in zip(blocks, texts, strict=True)
    ]
    entries = [
        block.plain_entry(text) if plain else block.entry()
        for block, text in zip(blocks, texts, strict=True)
    ]
    return "\n".join(elements), entries


def _check_sources(text: str, features: frozenset[Feature]) -> None:
    """Refuse scripts and styles that a child brought: the policy would allow whatever is there."""
    sources = inline_sources(text)
    own = {
        "style": [source_hash(f"\n{text}\n") for text in (leaflet.style(), page.styles(features))],
        "script": [
            source_hash(f"\n{text}\n") for text in (leaflet.script(), page.scripts(features))
        ],
    }
    foreign = len(set(sources["style"]) - set(own["style"]))
    # One script is the map's own start, with what the children draw.
    foreign += len(set(sources["script"]) - set(own["script"])) - 1
    if foreign or not set(own["script"]) <= set(sources["script"]):
        raise OutputError(
            "a child of the map wrote a script or a style of its own into the page; remove it, or "
            "draw it with a shape such as folium.CircleMarker"
        )
