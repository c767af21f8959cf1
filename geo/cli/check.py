"""``geo check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import give_json, give_table, say, warn

if TYPE_CHECKING:
    from geo.study import Located


@click.command("check")
@options.events
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="PATH",
    callback=outputs.free_table, help="Write the quarantine to this file (.csv, .parquet).",
)  # fmt: skip
@options.reading
@options.choosing
@options.as_json
@outputs.overwrite
def command(
    files: tuple[str, ...], output: Path | None, as_json: bool, overwrite: bool, **given: object
) -> None:
    """Say where every record of FILE goes: used, filtered or quarantined, and why.

    What was read in the one way it can be meant, as an encoding or swapped coordinates, is said.
    Ends with 2 if not one record can be used.

    \b
        $ geo check acled-mexico.csv -o quarantine.csv
        12,163 records: 12,037 used, 4 filtered, 122 quarantined; 12,031 count for a state,
        11,825 for a municipality
    """  # noqa: D301  click looks for the character itself
    from geo.export.table import write_table
    from geo.study import locate_events

    with progress() as tell:
        found = locate_events(options.given_events(files), progress=tell, **options.settings(given))
    if output is not None:
        inputs = [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
        write_table(found.ledger.left_out(), output, inputs=inputs, overwrite=overwrite)
    counts = found.ledger.counts()
    if as_json:
        give_json(_for_machines(found, counts))
    else:
        facts = found.source.facts
        give_table(
            f"{facts.layout}, {facts.source}, {facts.first_day} to {facts.data_through}",
            ["step", "outcome", "reason", "number"],
            found.account.itertuples(index=False),
        )
    for repair in found.source.facts.repairs:
        say(f"Repaired: {repair}")
    warn(found.warnings)
    placed = found.located[["cve_ent", "cvegeo"]].notna().sum()
    where = f"; quarantine in {output}" if output else ""
    say(
        f"{'Made-up data. ' if found.made_up else ''}{found.ledger.summary()}; "
        f"{placed['cve_ent']:,} count for a state, {placed['cvegeo']:,} for a municipality{where}"
    )
    if not counts["used"]:
        raise click.exceptions.Exit(2)


def _for_machines(found: Located, counts: dict[str, int]) -> dict[str, Any]:
    facts = found.source.facts
    return {
        "made_up": found.made_up,
        "inputs": list(found.source.inputs),
        "layout": facts.layout,
        "source": facts.source,
        "encoding": facts.encoding,
        "delimiter": facts.delimiter,
        "first_day": facts.first_day,
        "data_through": facts.data_through,
        "repairs": list(facts.repairs),
        "records": {"physical": found.ledger.physical, **counts},
        "account": found.account.to_dict("records"),
        "warnings": list(found.warnings),
    }
