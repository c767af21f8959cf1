"""``geo rates``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.numbers import NUMBER
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    import pandas as pd

    from geo.cvegeo import Level
    from geo.steps.measure import Interval
    from geo.steps.smoothing import Smoothing
    from geo.study import Located


@click.command("rates")
@options.events
@outputs.output
@options.level
@click.option(
    "--interval",
    type=click.Choice(["exact", "mid-p", "byar"]),
    default="exact",
    show_default=True,
    help="Interval of a rate; byar from five events on.",
)
@click.option(
    "--smoothing",
    type=click.Choice(["local", "gamma"]),
    multiple=True,
    help="Smooth over neighbors too (to look at, not to test), or by a gamma prior; repeat.",
)
@click.option(
    "--denominator",
    default="people",
    show_default=True,
    metavar="people|km2|FILE",
    help="What rates are per; a file has cvegeo, a figure, perhaps year or period.",
)
@click.option("--denominator-column", metavar="COLUMN", help="The figure in that file.")
@click.option("--per", type=NUMBER, help="Per so many of them [100000 people; 1 of others].")
@click.option("--fatalities", is_flag=True, help="Give deaths and death rates instead.")
@click.option(
    "--draws",
    type=click.IntRange(1),
    default=1999,
    show_default=True,
    help="How often events are drawn for the intervals of deaths.",
)
@click.option("--seed", type=int, help="Seed of these draws [20240909].")
@options.counting
@options.reading
@options.choosing
@outputs.raw
@outputs.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path | None,
    level: Level,
    interval: Interval,
    smoothing: tuple[Smoothing, ...],
    denominator: str,
    denominator_column: str | None,
    per: float | None,
    fatalities: bool,
    draws: int,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Count the events of FILE by area and period, zeros included, with rates and intervals.

    Rates are per 100,000 person-years; without population there is no rate. --fatalities gives
    deaths: their intervals come from events drawn anew, as several die in one.

    \b
        $ geo rates acled-mexico.csv --level state --period month -o rates.csv
        32 areas x 36 periods: 12,031 events counted, 6 without a state
        $ geo rates sample --level state --denominator km2 -o density.csv
        Warning: of the 3 areas with the most events per km2, 2 are among the tenth with the ...
        $ geo rates sample --level state --fatalities -o deaths.csv
        Made-up data. 32 areas x 3 periods: 7,150 deaths in 4,249 of 12,031 events; ...
    """  # noqa: D301  click looks for the character itself
    from geo.errors import SettingsError
    from geo.study.part import study_part
    from geo.study.rating import Rating, fatalities_of, fatality_sentence, rates_of

    if fatalities and (smoothing or interval != "exact"):
        raise SettingsError(
            "deaths have intervals from events drawn anew and no smoothed rates: leave out "
            "--interval and --smoothing, or --fatalities"
        )
    how = Rating(
        interval=interval,
        smoothing=smoothing,
        denominator=denominator,
        column=denominator_column,
        per=per,
    )

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, str]:
        if not fatalities:
            measures = rates_of(found, days, level, how)
            return measures, _counted(measures, found, level)
        deaths = fatalities_of(found, days, level, how, draws=draws)
        return deaths, fatality_sentence(deaths, draws=draws, seed=found.settings.seed)

    with progress() as tell:
        found, (table, sentence) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    give(table, found, output, inputs=how.inputs, raw=raw, overwrite=overwrite)
    warn(found.warnings)
    say(f"{'Made-up data. ' if found.made_up else ''}{sentence}")


def _counted(measures: pd.DataFrame, found: Located, level: str) -> str:
    from geo.steps.count import CODE_COLUMN

    counted = int(measures["events"].sum())
    placed = int(found.located[CODE_COLUMN[level]].notna().sum())
    late = f", {placed - counted:,} outside the periods or dated too vaguely" * (placed > counted)
    unit = f"; rates are {measures['unit'].iloc[0]}" if "unit" in measures.columns else ""
    return (
        f"{measures['cvegeo'].nunique():,} areas x {measures['period'].nunique():,} periods: "
        f"{counted:,} events counted, {len(found.located) - placed:,} without a {level}{late}{unit}"
    )
