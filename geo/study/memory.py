"""Keep no more memory than is in use: what is free is the system's again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def one_heap() -> Iterator[None]:
    """Let Arrow take its memory where numpy takes its own, so that each can use what is free.

    Arrow's own heaps keep what one thread is done with from all others, some 100 MB after a few
    batches of a million points. Afterwards Arrow's memory pool is the one that it was.

    Examples
    --------
    >>> before = pa.default_memory_pool().backend_name
    >>> with one_heap():
    ...     pa.default_memory_pool().backend_name
    'system'
    >>> pa.default_memory_pool().backend_name == before
    True
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def give_back() -> None:
    """Give the system what all threads are done with, and keep in case they need it again.

    Examples
    --------
    >>> give_back()
    """
    for pool in (pa.default_memory_pool(), pa.system_memory_pool()):
        pool.release_unused()
