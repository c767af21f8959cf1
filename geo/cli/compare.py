"""``geo compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.study import Located
    from geo.study.comparing import Comparing
    from geo.study.comparing_others import Mixing, Ringing


_PATH = click.Path(path_type=Path)


@click.command("compare")
@options.events
@outputs.output
@click.option(
    "--synthetic",
    "table",
    flag_value="synthetic",
    help="Against a mixture of others that resembled it before, instead.",
)
@click.option(
    "--ring",
    "table",
    flag_value="ring",
    help="Its neighbors, and theirs, against the areas beyond, instead; also municipalities.",
)
@click.option("--focus", metavar="STATE", required=True, help="The area that is compared.")
@click.option("--base", metavar="WINDOW", help="As 2023 or 2023-01-01/2023-09-30.")
@click.option("--comparison", metavar="WINDOW", help="As 2024 or 2024-10-01/2024-12-31.")
@click.option(
    "--event-date", metavar="DAY", help="In place of windows: all before it and all from it on."
)
@click.option("--transition-from", metavar="DAY", help="Earlier date on which 'before' ends.")
@click.option("--donor", "donors", multiple=True, metavar="STATE", help="Compare with it; repeat.")
@click.option(
    "--placebos",
    type=_PATH,
    metavar="PATH",
    callback=outputs.free_table,
    help="Write the ratio of every other state and earlier date.",
)
@click.option(
    "--weights", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write the mixture (--synthetic).",
)  # fmt: skip
@click.option(
    "--series", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write its rate and that of the mixture by month (--synthetic).",
)  # fmt: skip
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path | None,
    table: str | None,
    event_date: str | None,
    transition_from: str | None,
    donors: tuple[str, ...],
    placebos: Path | None,
    weights: Path | None,
    series: Path | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say whether a state changed more than expected from other states, and how rare that is.

    Its growth divided by theirs (difference in differences, as a ratio), with all other states
    and without its neighbors; the same is asked of every other state and of earlier dates, and
    the answers are ranked. --synthetic mixes others so that they resemble it before; --ring looks
    at its neighbors. Neither says anything of why.

    \b
        $ geo compare sample --focus Sinaloa --base 2023 --comparison 2024
        Made-up data. Sinaloa against 31 areas (all others), 240 events in 2023 (12 months) and
        600 in 2024 (12): higher than expected from them, 600 events for 239.4 expected: 2.51 ...
        $ geo compare sample --focus Sinaloa --base 2023 --comparison 2024 --synthetic
        Made-up data. Sinaloa against a mixture of 4 of 31 areas (all others), fitted to 12 months
        of 2023 with 240 events: higher than the mixture; in 2024 (12 months) 600 events and ...
        $ geo compare sample --focus Sinaloa --base 2023 --comparison 2024 --ring
        Made-up data. Around Sinaloa, 2024 against 2023 (12 and 12 months): the area itself (1 area)
        240 and 600 events, 2.48 times (95 % interval 1.20-5.15, quasi-Poisson ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.comparing import comparing
    from geo.study.comparing_others import mixing, ringing
    from geo.study.labels import opening
    from geo.study.part import study_part

    _refuse(table, donors, placebos=placebos, weights=weights, series=series)

    def work(found: Located, days: dict[str, str]) -> Comparing | Mixing | Ringing:
        dates = {"event_date": event_date, "transition_from": transition_from}
        if table == "ring":
            return ringing(found, days, **dates)
        if table == "synthetic":
            return mixing(found, days, donors=donors, **dates)
        return comparing(found, days, donors=donors, **dates)

    asked = {**options.settings(given), "period": "month"}
    with progress() as tell:
        found, result = study_part(options.given_events(files), work, progress=tell, **asked)
    for name, path in (("placebos", placebos), ("weights", weights), ("series", series)):
        if path is not None:
            give(getattr(result, name), found, path, raw=raw, overwrite=overwrite)
    give(result.table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    start = opening(found.settings.lang, made_up=found.made_up)
    for sentence in result.sentences:
        say(f"{start}{sentence}")


def _refuse(table: str | None, donors: tuple[str, ...], **paths: Path | None) -> None:
    """Refuse tables that what is asked for does not have."""
    has = {None: ["placebos"], "synthetic": ["weights", "series"], "ring": []}[table]
    for name, path in paths.items():
        if path is not None and name not in has:
            goes = "without --synthetic and --ring" if name == "placebos" else "with --synthetic"
            raise click.UsageError(f"--{name} goes {goes}")
    if donors and table == "ring":
        raise click.UsageError("--donor does not go with --ring: all areas beyond are compared")
