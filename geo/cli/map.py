"""``geo map``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options
from geo.cli.progress import progress
from geo.cli.say import say, warn

_PAGES = (".html", ".htm")


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
    "--measure", type=click.Choice(["count", "rate", "smoothed", "hotspots", "change"]),
    help="What a picture is colored by [smoothed].",
)  # fmt: skip
@options.comparing
@options.layering
@options.counting
@options.reading
@options.choosing
@options.overwrite
def command(
    files: tuple[str, ...],
    output: Path,
    level: str | None,
    measure: str | None,
    overwrite: bool,
    **given: object,
) -> None:
    """Draw the map of FILE, or of a study in TOML: a page that opens anywhere, or a picture.

    A page shows every level and measure; a picture shows one.

    \b
        $ geo map acled-mexico.csv -o mexico.html --lang es
        mexico.html: 12,037 events, 2022-01-01 to 2024-12-31
        $ geo map acled-mexico.csv -o mexico.png --level state --measure rate
        mexico.png: 12,037 events, 2022-01-01 to 2024-12-31
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import write_file
    from geo.study import run_study
    from geo.study.locating import collected, told

    is_page = output.suffix.lower() in _PAGES
    if is_page and (level or measure):
        raise click.UsageError(
            "a page shows every level and measure; leave out --level and --measure, or draw a "
            "picture (-o map.png)"
        )
    if not is_page and (given["points"] or given["layers"]):
        raise click.UsageError(
            "a picture shows areas by one measure; leave out --layers and --points, or draw a "
            "page (-o map.html)"
        )
    with progress() as tell:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
        tell("write", 0, 1)
        language = results.settings.lang
        terms: list[str] = []

        def draw(part: Path) -> None:
            if is_page:
                from geo.render.map import EventMap

                with collected() as caught:
                    EventMap(results, lang=language).save(part)
                terms.extend(told((), caught))
            else:
                from geo.render.picture import draw_map

                draw_map(results, part, level=level, measure=measure, lang=language)  # type: ignore[arg-type]

        inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
        write_file(output, draw, inputs=inputs, overwrite=overwrite)
    warn([*results.warnings, *terms])
    say(
        f"{'Made-up data. ' if results.made_up else ''}{output}: {len(results.located):,} events, "
        f"{results.facts.first_day} to {results.facts.data_through}"
    )
