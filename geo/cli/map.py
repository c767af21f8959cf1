"""``geo map``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options
from geo.cli.progress import progress
from geo.cli.say import say, warn


@click.command("map")
@options.events
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="map.html", show_default=True,
    metavar="PATH", help="The HTML file.", callback=options.free_page,
)  # fmt: skip
@options.comparing
@options.counting
@options.reading
@options.choosing
@options.overwrite
def command(files: tuple[str, ...], output: Path, overwrite: bool, **given: object) -> None:
    """Draw the map of FILE, or of a study in TOML, as one HTML file that opens anywhere.

    \b
        $ geo map acled-mexico.csv -o mexico.html --lang es
        mexico.html: 12,037 events, 2022-01-01 to 2024-12-31
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import write_file
    from geo.render.map import EventMap
    from geo.study import run_study

    with progress() as tell:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
        tell("write", 0, 1)
        drawn = EventMap(results, lang=results.settings.lang)
        inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
        write_file(output, lambda part: drawn.save(part), inputs=inputs, overwrite=overwrite)
    warn(results.warnings)
    say(
        f"{'Made-up data. ' if results.made_up else ''}{output}: {len(results.located):,} events, "
        f"{results.facts.first_day} to {results.facts.data_through}"
    )
