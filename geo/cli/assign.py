"""``geo assign``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import Stdout, say, warn

if TYPE_CHECKING:
    from geo.study.streaming import EngineName


@click.command("assign")
@options.events
@outputs.output_of_assigned
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
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    ledger: Path | None,
    engine: EngineName,
    scheduler: str | None,
    work: Path | None,
    resume: bool,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Add to each event of FILE the state and the municipality it counts for.

    A point on a border goes to the lower code, one just off the coast to the nearest area; an
    event known only to its state counts for no municipality. The reason stands beside it. The
    rows are the source's: it may forbid passing them on.

    FILE may be larger than the memory: CSV, Parquet, or a folder with the parts of one table as
    CSV or as Parquet, read in the order of their names. With --work what came of each part is kept
    in a folder, and --resume goes on where a run was interrupted. With --engine dask parts of
    Parquet are assigned by several processes or machines.

    \b
        $ geo assign acled-mexico.csv -o assigned.csv
        $ geo assign events/ -o assigned/ --engine dask --work kept/
        12,037 events: 11,811 inside an area, 8 on a border, 6 moved to the nearest, 206 known
        only to their state, 6 without an area
    """  # noqa: D301  click looks for the character itself
    from geo.export.assigned import assign_stream
    from geo.export.table import write_table
    from geo.study.given import study_of

    settings = options.settings(given)
    study = study_of(options.given_events(files), settings)
    if study.is_sample:
        if engine != "here" or work is not None or ledger is not None:
            raise click.UsageError(
                "--engine, --work and --ledger are for files that are streamed; the made-up sample "
                "is written at once"
            )
        how, made_up, warnings = _assign_at_once(files, output, settings, raw, overwrite)
    else:
        with progress() as tell:
            found = assign_stream(
                study,
                Stdout() if output is None else output,
                engine=engine,
                scheduler=scheduler,
                work=work,
                resume=resume,
                overwrite=overwrite,
                raw=raw,
                progress=tell,
            )
        if ledger is not None:
            inputs = [Path(file) for file in study.events if Path(file).exists()]
            write_table(found.ledger.aside, ledger, inputs=inputs, overwrite=overwrite)
        how, made_up, warnings = found.how, found.made_up, found.warnings
    warn(warnings)
    say(
        f"{'Made-up data. ' if made_up else ''}{sum(how.values()):,} events: "
        f"{how.get('inside', 0):,} inside an area, {how.get('border', 0):,} on a border, "
        f"{how.get('nearest', 0):,} moved to the nearest, {how.get('admin1', 0):,} known only to "
        f"their state, {how.get('none', 0):,} without an area"
    )


def _assign_at_once(
    files: tuple[str, ...],
    output: Path | None,
    settings: Mapping[str, Any],
    raw: bool,
    overwrite: bool,
) -> tuple[Mapping[str, int], bool, tuple[str, ...]]:
    """Assign in memory; return how, whether the events are made up, and what weakens them."""
    from geo.export.table import csv_text, write_table
    from geo.study import locate_events

    with progress() as tell:
        found = locate_events(options.given_events(files), progress=tell, **settings)
    located = found.located.drop(columns="record")
    if output is None:
        click.echo(csv_text(located, raw=raw), nl=False)
    else:
        inputs = [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
        write_table(located, output, inputs=inputs, overwrite=overwrite, raw=raw)
    how = {str(word): int(n) for word, n in located["assigned_by"].value_counts().items()}
    return how, found.made_up, found.warnings
