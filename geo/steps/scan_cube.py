"""What a scan looks at: events and person-years of areas x periods, and a point of each area."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import crs, periods, schema
from geo.errors import AreaError, ExposureWarning, PeriodError, SettingsError
from geo.sources import boundaries
from geo.steps.neighborhood import level_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Model = Literal["poisson", "permutation"]


@dataclass(frozen=True, slots=True, eq=False)
class ScanCube:
    """Events and person-years of (area, period), both in order, and a point of each area."""

    codes: pd.Index
    labels: list[str]
    periods: int
    events: IntArray
    exposure: FloatArray
    points: FloatArray

    @classmethod
    def of(cls, measures: pd.DataFrame, model: Model, places: pd.DataFrame | None) -> ScanCube:
        """Return the cube of the complete periods; areas that take no part are left out.

        Parameters and faults as of :func:`geo.steps.scan.find_clusters`.
        """
        schema.PANEL.check(measures)
        if "category" in measures.columns:
            raise SettingsError(
                "clusters are found for one category at a time; choose the rows of one and drop "
                "the column 'category'"
            )
        if model == "poisson" and "exposure" not in measures.columns:
            raise SettingsError(
                "the Poisson model expects events by person-years, and there is no column "
                "'exposure'; add it with add_rates, or choose model='permutation'"
            )
        whole = measures[measures["complete"].fillna(value=False).to_numpy(dtype=bool)]
        if len(measures) and not len(whole):
            raise PeriodError(
                "no period is complete: there is nothing to scan; say until when the data go "
                "(data_through)"
            )
        labels = sorted(whole["period"].unique(), key=periods.bounds)
        _refuse_gaps(labels)
        events = _spread(whole, "events", labels)
        if lacking := int(events.isna().to_numpy().sum()):
            raise SettingsError(
                f"{lacking} of {events.size} areas x periods are missing; every area must be "
                "there in every period, with 0 where nothing happened; count_events makes it so"
            )
        exposure = _spread(whole, "exposure", labels) if model == "poisson" else events * 0 + 1
        known = (np.isfinite(exposure) & (exposure > 0)).all(axis=1)
        _tell_unknown(events[~known])
        if model == "permutation":
            # They would widen every circle at no cost, and change neither side of it.
            known &= events.sum(axis=1) > 0
        events, exposure = events[known], exposure[known]
        return cls(
            events.index,
            labels,
            len(labels),
            events.to_numpy(dtype=np.int64),
            exposure.to_numpy(dtype=np.float64),
            _points(events.index, places),
        )

    def flat(self) -> ScanCube:
        """Return all periods as one."""
        together = [self.events.sum(axis=1), self.exposure.sum(axis=1)]
        events, exposure = (values[:, np.newaxis] for values in together)
        return ScanCube(self.codes, self.labels, self.periods, events, exposure, self.points)

    @property
    def first(self) -> str:
        """Label of the first period; empty without one."""
        return self.labels[0] if self.labels else ""

    @property
    def last(self) -> str:
        """Label of the last period; empty without one."""
        return self.labels[-1] if self.labels else ""

    def population(self, model: Model) -> FloatArray:
        """Return what the share of a circle is a share of."""
        amount = self.exposure if model == "poisson" else self.events
        people: FloatArray = amount.sum(axis=1).astype(np.float64)
        return people

    def expected(self, model: Model) -> FloatArray:
        """Return the expected events of (area, period)."""
        total = self.events.sum()
        if model == "poisson":
            shared: FloatArray = self.exposure * (total / self.exposure.sum())
            return shared
        by_area, by_period = self.events.sum(axis=1, keepdims=True), self.events.sum(axis=0)
        mean: FloatArray = by_area * by_period / max(total, 1)
        return mean


def _refuse_gaps(labels: Sequence[str]) -> None:
    bounds = [periods.bounds(label) for label in labels]
    for label, (_, end), (start, _) in zip(labels, bounds, bounds[1:], strict=False):
        if end != start:
            raise PeriodError(
                f"after {label} a complete period is missing: the next one begins on "
                f"{start.date()}. Give all periods, with 0 where nothing happened; count_events "
                "makes it so"
            )


def _spread(whole: pd.DataFrame, column: str, labels: list[str]) -> pd.DataFrame:
    """Return a column as areas x periods, both in order."""
    codes, times = whole["cvegeo"].astype("str"), whole["period"].astype("str")
    table: pd.DataFrame = whole.set_index([codes, times])[column].unstack()  # noqa: PD010
    return table[labels]


def _points(codes: pd.Index, places: pd.DataFrame | None) -> FloatArray:
    """Return easting and northing of each area."""
    if not len(codes):
        return np.empty((0, 2))
    table = boundaries.load_labels(level_of(codes)) if places is None else places
    if lacking := [name for name in ("cvegeo", "lon", "lat") if name not in table.columns]:
        raise SettingsError(f"places must have the columns cvegeo, lon and lat; no {lacking[0]!r}")
    where = table.drop_duplicates("cvegeo").set_index("cvegeo")[["lon", "lat"]].reindex(codes)
    if len(strange := codes[where.isna().any(axis=1)]):
        raise AreaError(
            f"{len(strange)} areas have no point, the first is {strange[0]!r}; give places with "
            "the columns cvegeo, lon and lat"
        )
    easting, northing = crs.project(where["lon"].to_numpy(), where["lat"].to_numpy())
    return np.column_stack([easting, northing])


def _tell_unknown(events: pd.DataFrame) -> None:
    if len(events):
        warnings.warn(
            f"{len(events)} areas with {int(events.to_numpy().sum())} events are not scanned: "
            f"their population is not known, or 0, in some period; the first is {events.index[0]}",
            ExposureWarning,
            stacklevel=4,
        )
