"""Writing a file so that it is whole or not there."""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from pathlib import Path

from geo.errors import OutputError
from geo.whole import write_beside


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write text as UTF-8, or bytes as they are, beside their place, then move them there.

    Whoever reads the path sees the old file or the new one, never a part. Folders are not made.

    Returns
    -------
    Path
        Where the file is now.

    Raises
    ------
    OutputError
        The folder is missing, the path is a folder, or the disk says no. A file that was there
        before is untouched.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{target} is a folder; give the name of a file in it")
    if not target.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist; make it first")
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        write_beside(target.resolve(), lambda part: part.write_bytes(data))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write {target}: {reason}; choose another folder") from error
    return target


_ENDING = re.compile(r"[A-Za-z0-9]{1,8}")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{kind}{n}" for kind in ("com", "lpt") for n in "123456789"),
}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can say; the same for every file, so that it says nothing."""


def safe_name(name: str) -> str:
    """Return a file name that every system can unpack: ASCII, short, no device, no folder.

    Examples
    --------
    >>> safe_name("Sinaloa año 2024.html"), safe_name("CON.html"), safe_name("../a/b.html")
    ('Sinaloa-ano-2024.html', 'map-CON.html', 'a-b.html')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    stem, _, ending = plain.rpartition(".")
    if not _ENDING.fullmatch(ending):
        stem, ending = plain, ""
    stem = _ODD.sub("-", stem).strip("-.")[:80]
    stem = f"map-{stem}" if stem.split(".")[0].lower() in _DEVICES else stem
    return f"{stem or 'map'}.{ending}" if ending else stem or "map"


def zip_beside(path: str | os.PathLike[str]) -> Path:
    """Return where the archive of a file lies: beside it, with the ending ``.zip``.

    Examples
    --------
    >>> zip_beside("maps/sinaloa.html").name
    'sinaloa.zip'
    """
    return Path(path).with_suffix(".zip")


def zip_of(name: str, content: str) -> bytes:
    """Return an archive of one file; the same content gives the same bytes.

    Parameters
    ----------
    name
        Name of the file; inside it is a safe form of it.
    content
        Text of the file, written as UTF-8.
    """
    entry = zipfile.ZipInfo(safe_name(name), date_time=_FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # whatever system this is
    entry.external_attr = 0o644 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, content.encode("utf-8"), compresslevel=9)
    return stream.getvalue()
