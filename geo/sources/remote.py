"""Files of Parquet behind a URL (``s3://``, ``memory://`` ...), reached through fsspec.

Nothing that opens a door is ever shown: a file is called by its URL without user, password and
query, and messages of other packages are cleaned of them.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from geo.errors import GeoError, SettingsError, SourceError
from geo.sources.folders import PARQUET
from geo.sources.gather import shown

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*[a-z][a-z0-9+.-]+://", re.I)
_DOOR = re.compile(r"(?<=://)[^/@\s]+@|\?[^\s'\"]*")
_LEAST = 4
"""Letters from which on an option of a file system may be a secret."""


@dataclass(frozen=True, slots=True)
class Remote:
    """One file behind a URL.

    Attributes
    ----------
    label
        The URL without what opens it; all that is ever shown.
    """

    label: str
    _path: str = field(repr=False)
    _system: Any = field(repr=False)

    def __str__(self) -> str:
        """Return the label."""
        return self.label

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return PurePosixPath(self.label).name

    @property
    def suffix(self) -> str:
        """The ending of the name."""
        return PurePosixPath(self.label).suffix

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open the file for reading; every reader has a place in it of its own."""
        with self.speaking():
            opened: BinaryIO = self._system.open(self._path, mode)
            # A file in memory is one object for all that open it, and so is its place.
            return io.BytesIO(opened.getvalue()) if isinstance(opened, io.BytesIO) else opened

    def mark(self) -> tuple[int, str]:
        """Return the size of the file and what changes when it is written again."""
        with self.speaking():
            self._system.invalidate_cache()
            return int(self._system.size(self._path)), str(self._system.ukey(self._path))

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """Turn what goes wrong into a :exc:`~geo.errors.SourceError` without secrets."""
        try:
            yield
        except GeoError:
            raise
        except Exception as error:  # noqa: BLE001 every file system has its own
            # Not "from error": its text may hold what must not be shown.
            raise SourceError(
                f"{self.label} cannot be read: {clean(error, self._system)}"
            ) from None


def is_url(given: object) -> bool:
    """Return whether what is given is a URL, and not a path of this machine.

    Examples
    --------
    >>> is_url("s3://bucket/events"), is_url("events/a.parquet"), is_url("C:/events")
    (True, False, False)
    """
    return isinstance(given, str) and _URL.match(given) is not None


def without_secrets(url: str) -> str:
    """Return a URL without user, password and query.

    Examples
    --------
    >>> without_secrets("sftp://me:secret@host/a.parquet?token=x")
    'sftp://host/a.parquet'
    """
    return _DOOR.sub("", url)


def clean(error: object, system: Any = None) -> str:  # noqa: ANN401
    """Return what another package says, without URLs that open a door and without secrets."""
    said = without_secrets(shown(error, 2_000))
    for secret in _secrets(getattr(system, "storage_options", None)):
        said = said.replace(secret, "***")
    return shown(said, 200)


def files_at(url: str) -> list[Remote | Path]:
    """Return the file at a URL, or the Parquet files under it, in order.

    Hidden files, and those that other programs leave beside partitions, are passed over.

    Raises
    ------
    SettingsError
        fsspec, or what it needs for this kind of URL, is not installed.
    SourceError
        There is nothing, or no Parquet, or it cannot be reached.

    Examples
    --------
    >>> files_at("file:///data/a%20b.parquet")
    [PosixPath('/data/a b.parquet')]
    """
    if url.lower().startswith("file://"):
        return [Path(url2pathname(urlsplit(url).path))]
    label = without_secrets(url)
    if "::" in url:
        raise SourceError(f"{label} leads through another file; give the URL of the file itself")
    system, path = _system_of(url, label)
    at = Remote(label.rstrip("/"), path, system)
    with at.speaking():
        system.invalidate_cache()
        if not system.isdir(path):
            if not system.exists(path):
                raise SourceError(f"there is no file {label}.")
            if at.suffix.lower() not in PARQUET:
                raise SourceError(
                    f"{label} is not named as Parquet (.parquet); files of other kinds are read "
                    "from this computer, so download it first"
                )
            return [at]
        under = [(str(one)[len(path) :].strip("/"), str(one)) for one in sorted(system.find(path))]
    found: list[Remote | Path] = [
        Remote(f"{at.label}/{inner}", one, system)
        for inner, one in under
        if inner.lower().endswith(PARQUET)
        and not any(part.startswith((".", "_")) for part in inner.split("/"))
    ]
    if not found:
        raise SourceError(f"there is no Parquet file (.parquet) under {label}")
    return found


def _system_of(url: str, label: str) -> tuple[Any, str]:
    try:
        fsspec = importlib.import_module("fsspec")
    except ImportError as error:
        raise SettingsError(
            f"{label} is read through fsspec, which is not installed; install geo with its extra "
            "urls: pip install 'geo[urls]'"
        ) from error
    try:
        system, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise SettingsError(f"{label} cannot be read: {clean(error)}") from None
    except Exception as error:  # noqa: BLE001 every file system has its own
        raise SourceError(f"{label} cannot be read: {clean(error)}") from None
    return system, str(path)


def _secrets(options: Any) -> list[str]:  # noqa: ANN401
    """Return every text among the options of a file system, the longest first."""
    if isinstance(options, dict):
        found = [one for value in options.values() for one in _secrets(value)]
    else:
        found = [options] if isinstance(options, str) and len(options) >= _LEAST else []
    return sorted(found, key=len, reverse=True)
