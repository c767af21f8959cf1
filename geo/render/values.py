"""The numbers of one level as a block of the page, one row an area that is drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SchemaError
from geo.render.codec import Block, columns_block
from geo.render.mapdata import NUMBERS, Level, LevelData
from geo.render.packed import Packed
from geo.render.reach import asked_column
from geo.steps.reach import EVERYWHERE, Reach


def values_block(
    level: Level, data: LevelData, codes: tuple[str, ...], reach: Reach = EVERYWHERE
) -> Block:
    """Return the numbers of the areas of `codes`, in that order.

    Every number is the one that the analysis made, bit for bit; an area without a row in the table
    has none.

    Raises
    ------
    SchemaError
        The table holds areas that the boundaries do not have.
    """
    table = data.areas.set_index(data.areas["cvegeo"].astype("str"))
    if strange := sorted(set(table.index) - set(codes)):
        raise SchemaError(
            f"{len(strange)} areas of the {level} table are not in the boundaries: "
            f"{', '.join(strange[:5])}; take the codes from geo.load_areas({level!r})"
        )
    rows = table.reindex(list(codes))
    columns = {"events": Packed("optional", _floats(rows["events"]))}
    columns |= {name: Packed("number", _floats(rows[name])) for name in NUMBERS}
    columns["reliable"] = Packed("optional", _floats(rows["reliable"]))
    if data.has_hotspots:
        columns["gi_bin"] = Packed("optional", _floats(rows["gi_bin"]) + 3)
        columns["gi_star"] = Packed("number", _floats(rows["gi_star"]))
        columns["q_value"] = Packed("number", _floats(rows["q_value"]))
    if reach:
        columns["asked"] = asked_column(codes, reach)
    return columns_block(f"values-{level}", columns)


def _floats(values: pd.Series) -> npt.NDArray[np.float64]:
    floats: npt.NDArray[np.float64] = pd.to_numeric(values).to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return floats
