"""``geo map``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import say, warn

_PAGES = (".html", ".htm")
_OF_PAGES = ("detail", "plain", "zip", "tiles", "tiles_credit")
_MADE = ("emerging", "density")
"""Measures of a picture that a study makes when it is asked for them."""


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
    callback=outputs.free_map,
)  # fmt: skip
@click.option(
    "--level", type=click.Choice(["state", "municipality"]),
    help="Areas of a picture [municipality].",
)  # fmt: skip
@click.option(
    "--measure",
    type=click.Choice(
        ["count", "rate", "smoothed", "hotspots", "change", "share", "outliers", *_MADE]
    ),
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
@options.paging
@options.comparing
@options.layering
@options.counting
@options.reading
@options.choosing
@options.reaching
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path,
    level: str | None,
    measure: str | None,
    category: str | None,
    state: str | None,
    size: tuple[float, float] | None,
    overwrite: bool,
    **given: object,
) -> None:
    """Draw the map of FILE, or of a study in TOML: a page that opens anywhere, or a picture.

    A page shows every level and measure; a picture shows one, and the clusters of a scan as
    circles over it with --layers scan. A page fetches nothing when it is opened, unless you ask
    for a background.

    \b
        $ geo map acled-mexico.csv -o mexico.html --lang es
        mexico.html: 12,037 eventos, 2022-01-01 a 2024-12-31
        $ geo map acled-mexico.csv -o mexico.png --level state --measure rate
        mexico.png: 12,037 events, 2022-01-01 to 2024-12-31
        $ geo map acled-mexico.csv -o sinaloa.pdf --state Sinaloa --category Battles --size 8x10
        sinaloa.pdf: 12,037 events, 2022-01-01 to 2024-12-31
        $ geo map acled-mexico.csv -o emerging.png --measure emerging --layers scan
        emerging.png: 12,037 events, 2022-01-01 to 2024-12-31
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import refuse_file, write_file
    from geo.study import run_study
    from geo.study.days import used_days
    from geo.study.labels import opening
    from geo.study.phrases.written import MAP
    from geo.study.telling import collected, told

    is_page = output.suffix.lower() in _PAGES
    _check_kind(given, is_page=is_page, of_picture=(level, measure, category, state, size))
    if measure in _MADE:
        given["layers"] = _with_layer(measure, given["layers"], files)
    if not is_page:
        _check_sheet(output, state, size)
    archive = output.with_suffix(".zip")
    if given["zip"]:
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
                    **options.page_options(results.settings)
                )
            terms.extend(told((), caught))
            if results.settings.zip:
                write(archive, lambda part: part.write_bytes(zip_of(output.name, page)))
            write(output, lambda part: part.write_bytes(page.encode("utf-8")))
        else:
            from geo.render.picture import SIZE, draw_map

            def draw(part: Path) -> None:
                draw_map(
                    results, part, level=level, measure=measure, category=category,  # type: ignore[arg-type]
                    state=state, lang=language, size=size or SIZE, clusters=results.scan,
                )  # fmt: skip

            write(output, draw)
    warn([*results.warnings, *terms], language)
    start = opening(language, made_up=results.made_up)
    first, last = used_days(results.facts, results.settings.filters)
    said = MAP.say(
        language,
        file=output,
        events=len(results.located),
        first=first,
        last=last,
    )
    say(f"{start}{said}")


def _check_kind(
    given: Mapping[str, object], *, is_page: bool, of_picture: tuple[object, ...]
) -> None:
    """Refuse options of a picture for a page, and those of a page for a picture."""
    if is_page and any(of_picture):
        raise click.UsageError(
            "a page shows every level and measure; leave out --level, --measure, --category, "
            "--state and --size, or draw a picture (-o map.png)"
        )
    if not is_page and given["points"]:
        raise click.UsageError(
            "a picture shows no single events; leave out --points, or draw a page (-o map.html)"
        )
    if not is_page and any(given[name] for name in _OF_PAGES):
        raise click.UsageError(
            "--detail, --plain, --zip and --tiles are for a page; draw one (-o map.html)"
        )


def _with_layer(measure: str, asked: object, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the layers to be made: those asked for, or of the TOML file, and that of a measure."""
    from geo.study.settings import Study

    layers = asked if isinstance(asked, tuple) else ()
    if asked is None and len(files) == 1 and files[0].lower().endswith(".toml"):
        layers = Study.from_toml(files[0]).layers
    return tuple(dict.fromkeys([*layers, measure]))


def _check_sheet(path: Path, state: str | None, size: tuple[float, float] | None) -> None:
    """Refuse before any work what no picture can be."""
    from geo.render.sheet import check_ending, check_size
    from geo.sources.gazetteer import find_area

    check_ending(path)
    if size is not None:
        check_size(size)
    if state is not None:
        find_area(state, level="state")
