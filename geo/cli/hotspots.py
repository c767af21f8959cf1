"""``geo hotspots``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    import pandas as pd

    from geo.steps.hotspots import Statistic
    from geo.steps.neighborhood import Fdr
    from geo.study import Located


@click.command("hotspots")
@options.events
@outputs.output
@click.option("--outliers", "table", flag_value="outliers", help="Give the outliers instead.")
@click.option(
    "--nearest",
    "table",
    flag_value="nearest",
    help="Give the areas whose verdict changes with the 8 nearest areas as neighbors.",
)
@click.option(
    "--emerging",
    "table",
    flag_value="emerging",
    help="Give new, persistent, sporadic ... hotspots; needs 10 periods.",
)
@click.option(
    "--value",
    type=click.Choice(["eb_rate", "crude_rate", "ratio", "events", "fatalities"]),
    default="eb_rate",
    show_default=True,
    help="What is tested; counts find the big cities.",
)
@click.option(
    "--statistic",
    type=click.Choice(["gi_star", "gi"]),
    default="gi_star",
    show_default=True,
    help="With the area itself (Gi*), or its neighbors alone (Gi).",
)
@click.option("--permutations", type=int, help="Draws behind each p; 0: normal tail [99999].")
@click.option("--seed", type=int, help="Seed of the draws [20240909].")
@click.option(
    "--fdr",
    type=click.Choice(["bh", "by"]),
    default="bh",
    show_default=True,
    help="Adjustment for many tests: Benjamini-Hochberg or -Yekutieli.",
)
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    table: str | None,
    value: str,
    statistic: Statistic,
    fdr: Fdr,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Find municipalities of FILE whose rates are high, or low, together with their neighbors'.

    Gi* with p from conditional permutations among areas of like population: the neighbors are
    tested, so a lone extreme municipality is no hotspot; --statistic gi leaves it out of z as
    well. Up to 12 of the latest complete periods, each a map of its own; --emerging takes all
    periods together. Counts (--value events) make a map of volume.

    \b
        $ geo hotspots sample -o hotspots.csv
        Made-up data. 2024, 2,465 areas tested, 4,231 events: 7 hot at 90 % (5 at 95 %, 0 at ...
        $ geo hotspots sample --period month --emerging -o emerging.csv
        Made-up data. 2022-01 to 2024-12 (36 periods), 2,465 areas: consecutive hotspot 1,
        sporadic hotspot 1; 2,463 without a pattern ...
        $ geo hotspots sample --statistic gi --permutations 0 -o gi.csv
        Made-up data. 2024, 2,465 areas tested, 4,231 events: ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.emerging import find_emerging
    from geo.study.days import latest_periods
    from geo.study.labels import opening
    from geo.study.naming import with_names
    from geo.study.part import measured, study_part
    from geo.study.where import Settings, emerging_sentence, find_where, hotspot_sentence
    from geo.study.where_others import OthersOnly, find_where_by_others, with_subject

    others_only = statistic == "gi"
    if others_only and table == "emerging":
        raise click.BadParameter("emerging hotspots are of gi_star", param_hint="--statistic")

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, str]:
        study = found.settings
        kind = OthersOnly if others_only else Settings
        how = kind(value=value, permutations=study.permutations, seed=study.seed, fdr=fdr)
        measures = measured(found, days, "municipality")
        if table == "emerging":
            emerging = find_emerging(measures, **how.how())
            return emerging, emerging_sentence(emerging, measures, how, language=study.lang)
        latest = latest_periods(measures, study.hotspot_periods)
        tables = (
            find_where_by_others(latest, how)
            if isinstance(how, OthersOnly)
            else find_where(latest, how)
        )
        return tables[table or "hotspots"], hotspot_sentence(tables, how, language=study.lang)

    with progress() as tell:
        found, (chosen, sentence) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    named = with_subject(with_names(chosen, "municipality"), value)
    give(named, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{sentence}")
