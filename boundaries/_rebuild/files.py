"""Write the data files, the same bytes for the same content."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_arcs(table: pa.Table, path: Path) -> None:
    """Write a table of arcs or lines: coordinates as differences, which then compress well."""
    numbers = [name for name in table.column_names if name not in ("codes", "line")]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        write_statistics=False,
        column_encoding={f"{name}.list.element": "DELTA_BINARY_PACKED" for name in numbers},
    )


def write_table(table: pa.Table, path: Path, credit: str) -> None:
    """Write an ordinary table with its credit line in the metadata."""
    named = table.replace_schema_metadata({"credit": credit})
    pq.write_table(named, path, compression="zstd", compression_level=19, write_statistics=False)


def write_csv(rows: list[dict[str, object]], path: Path) -> None:
    """Write a small table that people will want to read and compare.

    Written by hand, so that neither platform nor version changes a byte.
    """
    lines = [",".join(rows[0])]
    lines += [",".join(_cell(value) for value in row.values()) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if any(mark in text for mark in ',"\n'):
        escaped = text.replace('"', '""')
        return f'"{escaped}"'
    return text
