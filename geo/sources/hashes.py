"""Find out which of very many values occur more than once, in memory that does not grow."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

HashArray = npt.NDArray[np.uint64]

_AT_ONCE = 16_000_000
"""Hashes that are sorted in memory at a time (128 MB)."""


class Hashes:
    """Hashes of 64 bits, kept in a temporary file in the order in which they come.

    Examples
    --------
    >>> with Hashes() as seen:
    ...     seen.add(np.array([7, 8], dtype=np.uint64))
    ...     seen.add(np.array([9, 7], dtype=np.uint64))
    ...     seen.repeated().tolist(), seen.distinct()
    ([7], 3)
    """

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        self._file = tempfile.TemporaryFile(prefix="geo-hashes-")  # noqa: SIM115 closed by exit
        self._at_once = at_once
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, hashes: HashArray) -> None:
        """Keep hashes."""
        self._file.write(np.ascontiguousarray(hashes, dtype=np.uint64).tobytes())
        self.count += len(hashes)

    def repeated(self) -> HashArray:
        """Return the hashes that occur more than once, each once."""
        found = [part[:-1][part[1:] == part[:-1]] for part in self._sorted_parts()]
        return np.unique(np.concatenate([*found, np.empty(0, np.uint64)]))

    def distinct(self) -> int:
        """Return how many different hashes there are."""
        return sum(
            int((part[1:] != part[:-1]).sum()) + 1 for part in self._sorted_parts() if len(part)
        )

    def first_repeat(self) -> int | None:
        """Return the place of the first hash that occurred before; None where none did."""
        again = self.repeated()
        if not len(again):
            return None
        seen: set[int] = set()
        at = 0
        for block in self._blocks():
            for place in np.flatnonzero(np.isin(block, again)).tolist():
                value = int(block[place])
                if value in seen:
                    return at + place
                seen.add(value)
            at += len(block)
        return None

    def _blocks(self) -> Iterator[HashArray]:
        self._file.flush()
        for begin in range(0, self.count, self._at_once):
            n = min(self._at_once, self.count - begin)
            self._file.seek(8 * begin)
            yield np.frombuffer(self._file.read(8 * n), dtype=np.uint64)
        self._file.seek(0, os.SEEK_END)

    def _sorted_parts(self) -> Iterator[HashArray]:
        """Yield the hashes in parts that have no value in common, each sorted."""
        parts = self.count // self._at_once + 1
        edges = [(i << 64) // parts for i in range(parts + 1)]
        for low, high in itertools.pairwise(edges):
            taken = [
                block[(block >= np.uint64(low)) & (block <= np.uint64(high - 1))]
                for block in self._blocks()
            ]
            yield np.sort(np.concatenate([*taken, np.empty(0, np.uint64)]))


def hashed(text: pd.Series) -> HashArray:
    """Return a hash of 64 bits for each text; the same in every process."""
    return np.asarray(pd.util.hash_array(text.to_numpy(dtype=object), categorize=False))
