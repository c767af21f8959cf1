"""``geo concentration``."""

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
    from geo.study import Located


@click.command("concentration")
@options.events
@outputs.output
@click.option(
    "--lorenz", type=click.Path(path_type=Path), metavar="PATH", callback=outputs.free_table,
    help="Write the Lorenz curves to this file.",
)  # fmt: skip
@click.option(
    "--prediction",
    is_flag=True,
    help="Give instead whether the hotspots of a period held the next events.",
)
@click.option(
    "--share", type=NUMBER, default=0.8, show_default=True, help="Share of the events to be held."
)
@options.level
@click.option("--permutations", type=int, help="Draws behind the hotspots' p [99999].")
@click.option("--seed", type=int, help="Seed of the draws [20240909].")
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    lorenz: Path | None,
    prediction: bool,
    share: float,
    level: Level,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say how few areas hold most of the events of FILE, period by period.

    The fewest areas with 80 % of the events, the shares of the busiest 20 % and 5 %, and Gini
    indices. --prediction asks whether the hotspots of a period held the events of the next, beside
    two lists of as many areas: those with the highest rate and those with most events.

    \b
        $ geo concentration sample --lorenz lorenz.csv -o concentration.csv
        Made-up data. 2024: 265 of 2,465 areas (10.8 %) hold 80 % of 4,231 events; the busiest ...
        $ geo concentration sample --period quarter --prediction -o prediction.csv
        Made-up data. Of 1,306 events of 2024-Q4, 116 (8.9 %) lie in the 4 hotspots of 2024-Q3 ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.concentration import lorenz_curves, measure_concentration
    from geo.steps.hotspots import find_hotspots
    from geo.steps.prediction import predict_periods
    from geo.study.days import latest_periods
    from geo.study.labels import opening
    from geo.study.part import measured, study_part
    from geo.study.spoken_points import concentration_sentence, prediction_sentence

    if prediction and lorenz is not None:
        raise click.BadParameter("--prediction makes no curves", param_hint="--lorenz")

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame | None, str]:
        study = found.settings
        measures = measured(found, days, level)
        if prediction:
            latest = latest_periods(measures, study.hotspot_periods)
            hotspots = find_hotspots(latest, permutations=study.permutations, seed=study.seed)
            table = predict_periods(hotspots, latest)
            return table, None, prediction_sentence(table, language=study.lang)
        table = measure_concentration(measures, share=share)
        curves = None if lorenz is None else lorenz_curves(measures)
        return table, curves, concentration_sentence(table, language=study.lang)

    with progress() as tell:
        found, (table, curves, sentence) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    if lorenz is not None and curves is not None:
        give(curves, found, lorenz, raw=raw, overwrite=overwrite)
    give(table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{sentence}")
