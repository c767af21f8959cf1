"""Hand out the table of a command: to stdout, or to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Located


def give(
    frame: pd.DataFrame,
    found: Located,
    output: Path | None,
    *,
    inputs: Sequence[Path] = (),
    raw: bool = False,
    overwrite: bool = False,
) -> None:
    """Write a table with whose data it rests on; CSV on stdout where no file is named.

    `inputs` are files that were read besides the events, and that are not written over.
    """
    from geo.export.table import csv_text, with_source, write_table

    said = with_source(frame, found)
    if output is None:
        click.echo(csv_text(said, raw=raw), nl=False)
        return
    events = [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
    write_table(said, output, inputs=[*events, *inputs], overwrite=overwrite, raw=raw)
