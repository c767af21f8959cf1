"""Print the data dictionary of `docs/tables.md` from the contracts in `geo.schema`.

Run as ``python docs/make_tables.py > docs/tables.md``; a test compares the two.
"""

from __future__ import annotations

import sys

from geo.schema import TABLES, Column, Table

INTRODUCTION = """\
# The tables

Every step of `geo` takes such tables and gives one. Columns beyond these are allowed and kept.
Bold columns identify a row; a table by period, and `change`, may carry a `category`, which then
belongs to them.
A `?` marks columns that may be empty. Text is `str`, dates are days without a time zone, `number`
is a float whose missing value is NaN, `claim` is true, false or not stated.
"""


def row(table: Table, column: Column) -> str:
    """Return one line of the dictionary."""
    name = f"**`{column.name}`**" if column.name in table.key else f"`{column.name}`"
    words = f": {', '.join(column.words)}" if column.words else ""
    return f"| {name} | {column.kind}{'?' if column.nullable else ''} | {column.meaning}{words} |"


def dictionary() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    for table in TABLES:
        rows = "\n".join(row(table, column) for column in table.columns)
        parts.append(
            f"## {table.name}\n\n{table.meaning.capitalize()}.\n\n"
            f"| column | kind | holds |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(dictionary())
