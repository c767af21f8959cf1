"""Print the data dictionary of `docs/tables.md` from the contracts in `geo.schema`.

Run as ``python docs/make_tables.py > docs/tables.md``, and in Spanish as
``python docs/make_tables.py es > docs/tables.es.md``; a test compares each with what is printed.
"""

from __future__ import annotations

import sys
from typing import Literal

from geo.schema import TABLES, Column, Table
from geo.schema.meanings import meaning_in

Language = Literal["en", "es"]

INTRODUCTION: dict[Language, str] = {
    "en": """\
# The tables

Every step of `geo` takes such tables and gives one. Columns beyond these are allowed and kept.
Bold columns identify a row; a table by period, and `change`, may carry a `category`, which then
belongs to them.
A `?` marks columns that may be empty. Text is `str`, dates are days without a time zone, `number`
is a float whose missing value is NaN, `claim` is true, false or not stated.

The tables of a study keep every area, also those of which a query (`geo query`, `geo.query`) asks
nothing. A count of 0 there says that nothing was asked, and not that nothing happened; such areas
have no rate. Maps, files for QGIS and the CSV that a page saves say "not asked" there and leave the
count empty.
""",
    "es": """\
# Las tablas

Cada paso de `geo` toma tablas como estas y da una. Se permiten otras columnas, y se conservan.
Las columnas en negritas identifican una fila; una tabla por periodo, y `change`, puede llevar una
`category`, que entonces es una de ellas.
Un `?` señala las columnas que pueden estar vacías. `text` es `str`; `date`, un día sin zona
horaria; `integer`, un entero que nunca falta; `number`, un número de punto flotante cuyo valor
faltante es NaN; `claim`, verdadero, falso o no indicado; `level`, un entero que puede faltar. Los
nombres y las palabras fijas de las columnas están en inglés, como en los archivos.

Las tablas de un estudio conservan todas las áreas, también aquellas de las que una consulta
(`geo query`, `geo.query`) no pide nada. Un conteo de 0 dice ahí que no se consultó, y no que no
haya ocurrido nada; esas áreas no tienen tasa. Los mapas, los archivos para QGIS y el CSV que guarda
la página dicen ahí "no consultado" y dejan vacío el conteo.
""",
}
OUTSIDE: dict[Language, str] = {
    "en": "Where a query asks nothing, a 0 stands for that alone.",
    "es": "Donde una consulta no pide nada, un 0 solo significa eso.",
}
WITH_OUTSIDE = (
    "panel", "measures", "fatality_rates", "change", "fragmentation", "targeting",
    "targeting_change", "surges",
)  # fmt: skip
"""Tables of a study with a row for every area, also where a query asks nothing."""

HEADS: dict[Language, str] = {"en": "column | kind | holds", "es": "columna | tipo | contiene"}


def row(table: Table, column: Column, language: Language) -> str:
    """Return one line of the dictionary."""
    name = f"**`{column.name}`**" if column.name in table.key else f"`{column.name}`"
    words = f": {', '.join(column.words)}" if column.words else ""
    holds = meaning_in(language, column.meaning)
    return f"| {name} | {column.kind}{'?' if column.nullable else ''} | {holds}{words} |"


def dictionary(language: Language = "en") -> str:
    """Return the whole page."""
    parts = [INTRODUCTION[language]]
    for table in TABLES:
        rows = "\n".join(row(table, column, language) for column in table.columns)
        about = meaning_in(language, table.meaning)
        note = f"{OUTSIDE[language]}\n\n" if table.name in WITH_OUTSIDE else ""
        parts.append(
            f"## {table.name}\n\n{about[0].upper()}{about[1:]}.\n\n{note}"
            f"| {HEADS[language]} |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(dictionary("es" if sys.argv[1:] == ["es"] else "en"))
