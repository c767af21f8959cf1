"""Words for people, on stderr; nothing from the data can move the cursor or change the colors."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from geo.export.plain import plain

if TYPE_CHECKING:
    from geo.study.settings import Language


def say(text: str) -> None:
    """Write a line to stderr, :func:`plain`."""
    click.echo(plain(text), err=True)


def warn(sentences: Iterable[str], language: Language = "en") -> None:
    """Write each warning of a result to stderr."""
    sentences = list(sentences)
    if sentences and language == "es":
        from geo.study.reasons import warning_in

        for sentence in sentences:
            say(f"Advertencia: {warning_in(language, sentence)}")
        return
    for sentence in sentences:
        say(f"Warning: {sentence}")


class Stdout(io.TextIOBase):
    """Standard output as :func:`click.echo` writes it, for those who write to an open file."""

    def write(self, text: str) -> int:
        """Write text."""
        click.echo(text, nl=False)
        return len(text)


def give_json(value: Any) -> None:  # noqa: ANN401
    """Write a value to stdout as one JSON document for machines."""
    click.echo(json.dumps(value, ensure_ascii=True, indent=2, allow_nan=False, default=str))


def give_table(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table to stdout: drawn on a terminal, tab-separated when piped."""
    cells = [[plain(_cell(value)) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(names), *cells]:
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", show_edge=False)
    for name in names:
        table.add_column(name, justify="right" if name == "number" else "left")
    for row in cells:
        # Text, so that [brackets] in the data are no markup.
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and sys.stdout.isatty() else str(value)
