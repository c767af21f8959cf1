"""The folder in which a stream keeps what came of its batches: a given one, or one of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.errors import OutputError, SettingsError
from geo.sources.remote import is_url


@contextmanager
def work_folder(given: Path | None) -> Iterator[Path]:
    """Give the folder in which outcomes are kept; one of our own is deleted at the end."""
    if given is not None:
        try:
            given.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{given} cannot be the folder for finished parts: {error.strerror}; give --work "
                "another one"
            ) from error
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="geo-stream-") as folder:
        yield Path(folder)


def refuse_in_input(work: Path, events: Sequence[str]) -> None:
    """Refuse a folder for finished parts that would be read as input the next time."""
    for one in [Path(event) for event in events if not is_url(event)]:
        if one.is_dir() and one.resolve() in (work.resolve(), *work.resolve().parents):
            raise SettingsError(f"{work} lies in the input {one}; give work= another folder")
