"""Everything `geo` raises on purpose, and everything it warns of.

An error stops the work and nothing is written. It is also the built-in that it resembles, so
that ``except ValueError`` keeps working. A warning means that the result stands, but is weaker
than it looks.
"""

from __future__ import annotations


class GeoError(Exception):
    """A fault that the user can mend; the message says how."""

    exit_code = 1


class SettingsError(GeoError, ValueError):
    """A setting, an option or an argument that cannot be meant."""


class PeriodError(GeoError, ValueError):
    """A period, a window or a date that is not one, or that lies outside the data."""


class CRSError(GeoError, ValueError):
    """Coordinates in an unknown or a wrong coordinate reference system."""


class AreaError(GeoError, LookupError):
    """A place that is not known, or that may be one of several."""


class ExposureError(GeoError, LookupError):
    """A population that is missing or impossible."""


class SourceError(GeoError, ValueError):
    """A file that cannot be read as what it is taken for."""

    exit_code = 2


class SchemaError(GeoError, ValueError):
    """A table that breaks its contract."""

    exit_code = 2


class BalanceError(GeoError, ArithmeticError):
    """Records or events that do not add up from one step to the next.

    Never the user's fault: the step that raises it would have lost or doubled rows.
    """

    exit_code = 2


class BatchError(GeoError, RuntimeError):
    """Batches of a stream that failed; the others are kept, and the stream can be resumed."""

    exit_code = 3


class BoundariesError(GeoError, OSError):
    """A file of the shipped boundaries that is missing, damaged or from another version."""

    exit_code = 3


class OutputError(GeoError, OSError):
    """A result that cannot be written where it was asked for."""

    exit_code = 3


class GeoWarning(UserWarning):
    """The result stands, but is weaker than it looks."""


class DataWarning(GeoWarning):
    """Something in the input was repaired, left out or looks odd."""


class PrecisionWarning(GeoWarning):
    """Places or dates that are known less well than the analysis would like."""


class PeriodWarning(GeoWarning):
    """A period that the data cover only in part."""


class ExposureWarning(GeoWarning):
    """Areas or years whose population is missing, borrowed or unstable."""


class TermsWarning(GeoWarning):
    """Something that the terms of a source may forbid."""


class MethodWarning(GeoWarning):
    """A method that is used where it is weaker than it is as a rule."""


def counted(number: int, thing: str, many: str | None = None) -> str:
    """Return a number of things in words, as messages say it.

    Parameters
    ----------
    number
        How many.
    thing, many
        The word for one and that for several, if it is more than an s that tells them apart.

    Examples
    --------
    >>> counted(1, "record"), counted(2500, "record")
    ('1 record', '2,500 records')
    >>> counted(1, "record repeats an id", "records repeat an id")
    '1 record repeats an id'
    """
    return f"{number:,} {thing if number == 1 else many or thing + 's'}"
