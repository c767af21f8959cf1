"""``geo rates``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options
from geo.cli.progress import progress
from geo.cli.say import say, warn


@click.command("rates")
@options.events
@options.output
@options.level
@options.counting
@options.reading
@options.choosing
@options.raw
@options.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    level: str,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Count the events of FILE by area and period, zeros included, with rates and intervals.

    Rates are per 100,000 person-years; without population there is no rate.

    \b
        $ geo rates acled-mexico.csv --level state --period month -o rates.csv
        32 areas x 36 periods: 12,031 events counted, 6 without a state
    """  # noqa: D301  click looks for the character itself
    from geo.export.tables import csv_text, with_source, write_table
    from geo.steps.count import CODE_COLUMN
    from geo.study import run_study

    with progress() as tell:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
    measures = with_source(results.tables[f"measures_{level}"], results)
    if output is None:
        click.echo(csv_text(measures, raw=raw), nl=False)
    else:
        inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
        write_table(measures, output, inputs=inputs, overwrite=overwrite, raw=raw)
    warn(results.warnings)
    counted = int(measures["events"].sum())
    placed = int(results.located[CODE_COLUMN[level]].notna().sum())
    late = f", {placed - counted:,} outside the periods or dated too vaguely" * (placed > counted)
    say(
        f"{'Made-up data. ' if results.made_up else ''}{measures['cvegeo'].nunique():,} areas x "
        f"{measures['period'].nunique():,} periods: {counted:,} events counted, "
        f"{len(results.located) - placed:,} without a {level}{late}"
    )
