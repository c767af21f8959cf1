"""``geo surge``."""

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


@click.command("surge")
@options.events
@outputs.output
@click.option(
    "--level", type=click.Choice(["state", "municipality"]), default="state", show_default=True
)
@click.option(
    "--violent", is_flag=True, help="Count only what ACLED's trackers count: no peaceful protests."
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
    level: Level,
    violent: bool,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Flag areas of FILE with many more events in the latest weeks than before.

    By ACLED's rules (levels of change, surge, threat) and their guards against small numbers, with
    the exact interval of each ratio beside. The latest weeks may still fill up.

    \b
        $ geo surge sample --violent --until 2024-10-04 -o surges.csv
        Made-up data. Week of 2024-09-28, 32 areas, 6,493 events counted: 2 flagged as surge (week
        against month), 0 of them with an interval above 1: Michoacán de Ocampo 2.4 times ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.labels import opening
    from geo.study.part import study_part
    from geo.study.surging import surges_sentence, surging

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, int]:
        return surging(found, days, level=level, violent=violent)

    asked = {"period": "acled-week", **options.settings(given)}
    with progress() as tell:
        found, (table, counted) = study_part(
            options.given_events(files), work, progress=tell, **asked
        )
    give(table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    language = found.settings.lang
    sentence = surges_sentence(table, counted, language=language)
    say(f"{opening(language, made_up=found.made_up)}{sentence}")
