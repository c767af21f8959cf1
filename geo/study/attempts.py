"""Parts of a study that may not be possible: they are left out with the reason, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from geo.errors import BalanceError, GeoError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempts:
    """Does parts of a study, and remembers why those that failed did.

    Attributes
    ----------
    not_done
        Reason by name of the part.

    Examples
    --------
    >>> from geo.errors import SettingsError
    >>> def refuse():
    ...     raise SettingsError("fewer than 30 areas")
    >>> attempt = Attempts()
    >>> attempt("sum", lambda: 1 + 1), attempt("hotspots", refuse), attempt.not_done
    (2, None, {'hotspots': 'fewer than 30 areas'})
    """

    not_done: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str, work: Callable[[], T]) -> T | None:
        """Return what `work` returns; None where a step refuses.

        Raises
        ------
        BalanceError
            Something does not add up. That is never a reason to go on.
        """
        try:
            return work()
        except BalanceError:
            raise
        except GeoError as error:
            self.not_done[name] = str(error)
            return None
