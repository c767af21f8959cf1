"""``geo count``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.cvegeo import Level
    from geo.periods import PeriodKind
    from geo.study.streaming import EngineName


@click.command("count")
@options.events
@outputs.output
@options.level
@click.option(
    "--period",
    type=click.Choice(["year", "quarter", "month", "week", "acled-week"]),
    default="year",
    show_default=True,
    help="Kind of period.",
)
@click.option("--category", metavar="COLUMN", help="Count by this column too, as event_type.")
@click.option("--data-through", metavar="DAY", help="Last day that the source covers.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="PATH",
    callback=outputs.free_table,
    help="Write the records that are set aside to this file (.csv, .parquet).",
)
@options.streaming
@options.reading
@options.choosing
@outputs.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path | None,
    level: Level,
    period: PeriodKind,
    category: str | None,
    data_through: str | None,
    ledger: Path | None,
    engine: EngineName,
    scheduler: str | None,
    work: Path | None,
    resume: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Count the events of FILE by area and period, in memory that does not grow with them.

    FILE may be larger than the memory: CSV, Parquet, or a folder with the parts of one table as
    CSV or as Parquet, read in the order of their names. With --work what came of each part is kept
    in a folder, and --resume goes on where a run was interrupted. With --engine dask parts of
    Parquet are counted by several processes or machines.

    \b
        $ geo count acled-mexico.csv --period month --category event_type -o counts.parquet
        12,163 records: 12,037 used, 4 filtered, 122 quarantined; 11,825 counted
    """  # noqa: D301  click looks for the character itself
    from geo.export.table import csv_text, write_table
    from geo.study.streaming import count_stream

    with progress() as tell:
        found = count_stream(
            options.given_events(files),
            level=level,
            period=period,
            category=category,
            data_through=data_through,
            engine=engine,
            scheduler=scheduler,
            work=work,
            resume=resume,
            progress=tell,
            **options.settings(given),
        )
    panel = found.panel
    assert panel is not None
    inputs = [Path(file) for file in files if Path(file).exists()]
    if ledger is not None:
        write_table(found.ledger.aside, ledger, inputs=inputs, overwrite=overwrite)
    if output is None:
        click.echo(csv_text(panel), nl=False)
    else:
        write_table(panel, output, inputs=inputs, overwrite=overwrite)
    for repair in found.repairs:
        say(f"Repaired: {repair}")
    warn(found.warnings)
    say(
        f"{'Made-up data. ' if found.made_up else ''}{found.ledger.summary()}; "
        f"{int(panel['events'].sum()):,} counted"
    )
