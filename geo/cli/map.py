"""``geo map``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.render.tiles import Tiles

_PAGES = (".html", ".htm")


class _Sheet(click.ParamType):  # type: ignore[type-arg]
    """Width and height with an x between them."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Return the two numbers."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)", str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no width and height in inches; give it as 11x8", param, ctx)
        return float(found[1]), float(found[2])


SHEET = _Sheet()


@click.command("map")
@options.events
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="map.html", show_default=True,
    metavar="PATH", help="A page (.html) or a picture (.png, .svg, .pdf).",
    callback=options.free_map,
)  # fmt: skip
@click.option(
    "--level", type=click.Choice(["state", "municipality"]),
    help="Areas of a picture [municipality].",
)  # fmt: skip
@click.option(
    "--measure", type=click.Choice(["count", "rate", "smoothed", "hotspots", "change", "share"]),
    help="What a picture is colored by [smoothed].",
)  # fmt: skip
@click.option(
    "--category", metavar="NAME",
    help="Only events of this type or class of actors, in count, rate or change of a picture.",
)  # fmt: skip
@click.option("--state", metavar="NAME", help="Cut a picture to the municipalities of a state.")
@click.option(
    "--size", type=SHEET, metavar="WIDTHxHEIGHT",
    help="Of a picture, in inches from 4 to 60 [11x8].",
)  # fmt: skip
@click.option(
    "--detail", type=click.Choice(["low", "standard", "high"]),
    help="How closely the borders of a page are drawn [standard].",
)  # fmt: skip
@click.option("--plain", is_flag=True, help="Data of a page as readable text, for mail gateways.")
@click.option("--zip", "zipped", is_flag=True, help="Also write the page as an archive beside it.")
@click.option(
    "--tiles", metavar="TEMPLATE",
    help="Background of a page, fetched by who opens it: https://HOST/{z}/{x}/{y}.png.",
)  # fmt: skip
@click.option("--tiles-credit", metavar="TEXT", help="Whom to credit for the background.")
@options.comparing
@options.layering
@options.counting
@options.reading
@options.choosing
@options.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path,
    level: str | None,
    measure: str | None,
    category: str | None,
    state: str | None,
    size: tuple[float, float] | None,
    detail: str | None,
    plain: bool,
    zipped: bool,
    tiles: str | None,
    tiles_credit: str | None,
    overwrite: bool,
    **given: object,
) -> None:
    """Draw the map of FILE, or of a study in TOML: a page that opens anywhere, or a picture.

    A page shows every level and measure; a picture shows one. A page fetches nothing when it is
    opened, unless you ask for a background.

    \b
        $ geo map acled-mexico.csv -o mexico.html --lang es
        mexico.html: 12,037 events, 2022-01-01 to 2024-12-31
        $ geo map acled-mexico.csv -o mexico.png --level state --measure rate
        mexico.png: 12,037 events, 2022-01-01 to 2024-12-31
        $ geo map acled-mexico.csv -o sinaloa.pdf --state Sinaloa --category Battles --size 8x10
        sinaloa.pdf: 12,037 events, 2022-01-01 to 2024-12-31
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import refuse_file, write_file
    from geo.study import run_study
    from geo.study.locating import collected, told

    is_page = output.suffix.lower() in _PAGES
    if is_page and (level or measure or category or state or size):
        raise click.UsageError(
            "a page shows every level and measure; leave out --level, --measure, --category, "
            "--state and --size, or draw a picture (-o map.png)"
        )
    if not is_page and (given["points"] or given["layers"]):
        raise click.UsageError(
            "a picture shows areas by one measure; leave out --layers and --points, or draw a "
            "page (-o map.html)"
        )
    if not is_page and (detail or plain or zipped or tiles):
        raise click.UsageError(
            "--detail, --plain, --zip and --tiles are for a page; draw one (-o map.html)"
        )
    background = _tiles(tiles, tiles_credit)
    if not is_page:
        _check_sheet(output, state, size)
    archive = output.with_suffix(".zip")
    if zipped:
        refuse_file(archive, overwrite=overwrite)
    with progress() as tell:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
        tell("write", 0, 1)
        language = results.settings.lang
        terms: list[str] = []
        inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]

        def write(path: Path, draw: Callable[[Path], object]) -> None:
            write_file(path, draw, inputs=inputs, overwrite=overwrite)

        if is_page:
            from geo.render.files import zip_of
            from geo.render.map import EventMap

            with collected() as caught:
                page = EventMap(results, lang=language).html(
                    plain=plain,
                    tiles=background,
                    detail=detail or "standard",  # type: ignore[arg-type]
                )
            terms.extend(told((), caught))
            if zipped:
                write(archive, lambda part: part.write_bytes(zip_of(output.name, page)))
            write(output, lambda part: part.write_bytes(page.encode("utf-8")))
        else:
            from geo.render.picture import SIZE, draw_map

            def draw(part: Path) -> None:
                draw_map(
                    results, part, level=level, measure=measure, category=category,  # type: ignore[arg-type]
                    state=state, lang=language, size=size or SIZE,
                )  # fmt: skip

            write(output, draw)
    warn([*results.warnings, *terms])
    say(
        f"{'Made-up data. ' if results.made_up else ''}{output}: {len(results.located):,} events, "
        f"{results.facts.first_day} to {results.facts.data_through}"
    )


def _check_sheet(path: Path, state: str | None, size: tuple[float, float] | None) -> None:
    """Refuse before any work what no picture can be."""
    from geo.render.sheet import check_ending, check_size
    from geo.sources.gazetteer import find_area

    check_ending(path)
    if size is not None:
        check_size(size)
    if state is not None:
        find_area(state, level="state")


def _tiles(template: str | None, credit: str | None) -> Tiles | None:
    if credit and not template:
        raise click.UsageError("--tiles-credit without --tiles; name the background, too")
    if template is None:
        return None
    from geo.render.tiles import Tiles

    return Tiles(template, credit or "")
