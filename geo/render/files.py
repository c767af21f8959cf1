"""Writing a file so that it is whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from geo.errors import OutputError


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
    beside = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".geo-", suffix=".part")
        beside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(_usual_mode(target))
        beside.replace(target)
    except OSError as error:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink()
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write {target}: {reason}; choose another folder") from error
    return target


def _usual_mode(target: Path) -> int:
    """Return the mode of the file that is replaced, else what the user's mask gives."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
