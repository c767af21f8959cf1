"""``geo assign``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options
from geo.cli.progress import progress
from geo.cli.say import say, warn


@click.command("assign")
@options.events
@options.output_of_points
@options.reading
@options.choosing
@options.raw
@options.overwrite
def command(
    files: tuple[str, ...], output: Path | None, raw: bool, overwrite: bool, **given: object
) -> None:
    """Add to each event of FILE the state and the municipality it counts for.

    A point on a border goes to the lower code, one just off the coast to the nearest area; an
    event known only to its state counts for no municipality. The reason stands beside it. The
    rows are the source's: it may forbid passing them on.

    \b
        $ geo assign acled-mexico.csv -o assigned.csv
        12,037 events: 11,811 inside an area, 8 on a border, 6 moved to the nearest, 206 known
        only to their state, 6 without an area
    """  # noqa: D301  click looks for the character itself
    from geo.export.tables import csv_text, write_table
    from geo.study import locate_events

    with progress() as tell:
        found = locate_events(options.given_events(files), progress=tell, **options.settings(given))
    located = found.located.drop(columns="record")
    if output is None:
        click.echo(csv_text(located, raw=raw), nl=False)
    else:
        inputs = [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
        write_table(located, output, inputs=inputs, overwrite=overwrite, raw=raw)
    warn(found.warnings)
    how = located["assigned_by"].value_counts()
    say(
        f"{'Made-up data. ' if found.made_up else ''}{len(located):,} events: "
        f"{how.get('inside', 0):,} inside an area, {how.get('border', 0):,} on a border, "
        f"{how.get('nearest', 0):,} moved to the nearest, {how.get('admin1', 0):,} known only to "
        f"their state, {how.get('none', 0):,} without an area"
    )
