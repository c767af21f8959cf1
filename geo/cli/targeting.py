"""``geo targeting``."""

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

    from geo.cvegeo import Level
    from geo.study import Located


@click.command("targeting")
@options.events
@outputs.output
@options.windows
@click.option(
    "--level",
    type=click.Choice(["state", "municipality"]),
    help="Kind of area [that of the focus, or state].",
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
    level: Level | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say which share of the events of FILE targets civilians, by area and period.

    With two windows: how much the share changed in each area, and whether targeting grew more
    than the other events. Events of which the source does not say are counted apart. The first
    interval is as wide as the share varies among months, the second holds for independent events.

    \b
        $ geo targeting sample --base 2023 --comparison 2024 --focus Sinaloa -o targeting.csv
        Made-up data. Sinaloa: 84 of 240 events (35.0 %) targeted civilians in 2023, 280 of 600
        (46.7 %) in 2024: +11.7 points (95 % interval +2.2 to +20.8 by how months differ,
        +4.1 to +18.9 exact); grew more than the rest: ...
        $ geo targeting sample --focus Sinaloa -o shares.csv
        Made-up data. Sinaloa: events that target civilians, of those of which it is stated:
        in 2023 84 of 240, 35.0 % (95 % interval 28.3-42.2 by how months differ, ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.targeting import compare_targeting, measure_targeting
    from geo.study.labels import opening
    from geo.study.naming import with_names
    from geo.study.part import level_of, study_part
    from geo.study.spoken_targeting import (
        shares_sentence,
        targeting_areas_sentence,
        targeting_change_sentence,
    )

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
        study, kind = found.settings, level_of(found, level)
        if study.windows is None:
            table = measure_targeting(
                found.located,
                level=kind,
                period=study.period,
                first=days["first"],
                last=days["last"],
                data_through=days["data_through"],
            )
            focus = [] if found.focus is None else [found.focus]
            said = [shares_sentence(table, code, language=study.lang) for code in focus]
            return with_names(table, kind), said
        base, comparison = study.windows
        table = compare_targeting(
            found.located,
            base=base,
            comparison=comparison,
            level=kind,
            data_from=days["first"],
            data_through=days["data_through"],
        )
        said = [targeting_areas_sentence(table, language=study.lang)]
        if found.focus is not None:
            said.insert(
                0,
                targeting_change_sentence(
                    table,
                    found.focus,
                    base=base.label,
                    comparison=comparison.label,
                    language=study.lang,
                ),
            )
        return with_names(table, kind), said

    with progress() as tell:
        found, (table, sentences) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    give(table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    for sentence in sentences:
        say(f"{opening(found.settings.lang, made_up=found.made_up)}{sentence}")
