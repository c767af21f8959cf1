"""``geo compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.study import Located
    from geo.study.comparing import Comparing


@click.command("compare")
@options.events
@options.output
@click.option("--focus", metavar="STATE", required=True, help="The state that is compared.")
@click.option("--base", metavar="WINDOW", help="As 2023 or 2023-01-01/2023-09-30.")
@click.option("--comparison", metavar="WINDOW", help="As 2024 or 2024-10-01/2024-12-31.")
@click.option(
    "--event-date", metavar="DAY", help="In place of windows: all before it and all from it on."
)
@click.option("--transition-from", metavar="DAY", help="Earlier date on which 'before' ends.")
@click.option("--donor", "donors", multiple=True, metavar="STATE", help="Compare with it; repeat.")
@click.option(
    "--placebos", type=click.Path(path_type=Path), metavar="PATH",
    help="Write the ratio of every other state and earlier date.",
)  # fmt: skip
@options.counting
@options.reading
@options.choosing
@options.raw
@options.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    event_date: str | None,
    transition_from: str | None,
    donors: tuple[str, ...],
    placebos: Path | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say whether a state changed more than expected from other states, and how rare that is.

    Its growth divided by theirs (difference in differences, as a ratio), with all other states
    and without its neighbors; the same is asked of every other state and of earlier dates, and
    the answers are ranked. It says nothing of why.

    \b
        $ geo compare sample --focus Sinaloa --base 2023 --comparison 2024
        Made-up data. Sinaloa against 31 areas (all others), 240 events in 2023 (12 months) and
        600 in 2024 (12): higher than expected from them, 600 events for 239.4 expected: 2.51 ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.comparing import comparing
    from geo.study.part import study_part

    def work(found: Located, days: dict[str, str]) -> Comparing:
        return comparing(
            found, days, event_date=event_date, transition_from=transition_from, donors=donors
        )

    asked = {**options.settings(given), "period": "month"}
    with progress() as tell:
        found, result = study_part(options.given_events(files), work, progress=tell, **asked)
    if placebos is not None:
        give(result.placebos, found, placebos, raw=raw, overwrite=overwrite)
    give(result.table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings)
    for sentence in result.sentences:
        say(f"{'Made-up data. ' if found.made_up else ''}{sentence}")
