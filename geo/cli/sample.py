"""``geo sample``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options
from geo.cli.say import say


@click.command("sample")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="made-up-sample.csv",
    show_default=True, metavar="PATH", help="The CSV file.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=20240909, show_default=True, help="Seed of the draws."
)
@click.option("--events", type=int, default=12_000, show_default=True, help="How many.")
@options.overwrite
def command(output: Path, seed: int, events: int, overwrite: bool) -> None:
    """Write a made-up data set in ACLED's layout, to try everything on.

    Nothing in it happened. It has what real exports have (repeated rows, odd fields, points at
    sea), and a story to be found: Sinaloa has 2.5 times as many events in 2024 as in 2023.

    \b
        $ geo sample
        Made-up data, no real event: 12,163 rows in made-up-sample.csv
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import write_file
    from geo.sample import as_csv, make_sample

    # As it is: hostile cells are what the sample is for.
    table = make_sample(seed=seed, events=events)
    write_file(output, lambda part: part.write_bytes(as_csv(table)), overwrite=overwrite)
    say(f"Made-up data, no real event: {len(table):,} rows in {output}")
