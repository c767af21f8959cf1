"""What the tests of full disks and killed runs write: every kind of file, quickly."""

from __future__ import annotations

import dataclasses
import hashlib

from tests import studies

EVERY = ("csv", "xlsx", "parquet", "geoparquet", "geojson", "flatgeobuf")
KEPT = ("account", "change_state")


def small():
    """Return the sample with few tables and events."""
    made = studies.sample()
    ledger = dataclasses.replace(made.ledger, records=made.ledger.records.head(50))
    tables = {name: made.tables[name] for name in KEPT}
    return dataclasses.replace(made, tables=tables, ledger=ledger, located=made.located.head(300))


def digest(folder):
    """Return the hash of every file in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
