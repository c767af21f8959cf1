"""``geo sample``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import outputs
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
@click.option(
    "--story/--no-story", default=True, show_default=True,
    help="With a story to be found, or with nothing but chance.",
)  # fmt: skip
@outputs.overwrite
def command(output: Path, seed: int, events: int, story: bool, overwrite: bool) -> None:
    """Write a made-up data set in ACLED's layout, to try everything on.

    Nothing in it happened. It has what real exports have (repeated rows, odd fields, points at
    sea), and a story to be found: Sinaloa has 2.5 times as many events in 2024 as in 2023. With
    --no-story there is none: no analysis should claim anything but what chance does.

    \b
        $ geo sample
        Made-up data, no real event: 12,161 rows in made-up-sample.csv
        $ geo sample --no-story -o nothing.csv
        Made-up data, no real event, no story: 12,161 rows in nothing.csv
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import write_file
    from geo.sample import as_csv, make_sample

    # As it is: hostile cells are what the sample is for.
    table = make_sample(seed=seed, events=events, story=story)
    write_file(output, lambda part: part.write_bytes(as_csv(table)), overwrite=overwrite)
    told = "" if story else ", no story"
    say(f"Made-up data, no real event{told}: {len(table):,} rows in {output}")
