"""Which records are of Mexico, by the columns that state a country."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.cvegeo import fold
from geo.sources import ucdp
from geo.sources.cells import Mask, code, mapped, mask_of, stated

COLUMNS = ("country", "country_id", "iso", "iso3")
"""The reader's names of the columns that state a country."""

_MEXICO = {"mexico", "mex", "mx", "estados unidos mexicanos", "united mexican states"}
_NUMBER = {"iso": 484, "country_id": ucdp.COUNTRY}


def at_home(frame: pd.DataFrame) -> Mask:
    """Return which rows are of Mexico, or do not say of which country they are.

    Parameters
    ----------
    frame
        Columns under the reader's names; of those that state a country it may have any or none.

    Examples
    --------
    >>> frame = pd.DataFrame({"country": ["México", "Guatemala", ""]}, dtype="str")
    >>> at_home(frame).tolist()
    [True, False, True]
    """
    here = np.zeros(len(frame), dtype=bool)
    elsewhere = np.zeros(len(frame), dtype=bool)
    for name in COLUMNS:
        if name not in frame:
            continue
        number = _NUMBER.get(name)

        def is_mexico(text: str, number: int | None = number) -> bool | None:
            if number is not None and (found := code(text)) is not None:
                return found == number
            return fold(text) in _MEXICO if fold(text) else None

        claim = mapped(stated(frame[name]), is_mexico)
        here |= mask_of(claim.eq(other=True))
        elsewhere |= mask_of(claim.eq(other=False))
    return here | ~elsewhere
