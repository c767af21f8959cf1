"""What a map can show beside its measures: clusters of a scan, a density, events as points."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.errors import SettingsError, TermsWarning
from geo.render.codec import Block
from geo.render.density_layer import check_density, density_block, density_config
from geo.render.mapdata import Level
from geo.render.page import Feature
from geo.render.points_layer import EventPoints, event_points, points_block, points_config
from geo.render.scan_layer import scan_block
from geo.steps.coarsen import POINTS, Points
from geo.steps.scan import ScanResults
from geo.steps.surface import Surface
from geo.study.results import Results


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapLayers:
    """The layers of a map; None for those that it does not have."""

    clusters: ScanResults | None = None
    density: Surface | None = None
    events: EventPoints | None = None

    @property
    def names(self) -> tuple[Feature, ...]:
        """The layers that there are."""
        given: tuple[tuple[Feature, object], ...] = (
            ("scan", self.clusters), ("density", self.density), ("points", self.events),
        )  # fmt: skip
        return tuple(name for name, layer in given if layer is not None)

    def config(self) -> dict[str, Any]:
        """Return what the page is told of the layers that there are."""
        told: dict[str, Any] = {}
        if self.clusters is not None:
            told["scan"] = {}
        if self.density is not None:
            told["density"] = density_config(self.density)
        if self.events is not None:
            told["points"] = points_config(self.events)
        return told

    def blocks(self, codes: Mapping[Level, Sequence[str]]) -> list[Block]:
        """Return the blocks of the layers that there are."""
        blocks = []
        if self.clusters is not None:
            blocks.append(scan_block(self.clusters, codes))
        if self.density is not None:
            blocks.append(density_block(self.density))
        if self.events is not None:
            blocks.append(points_block(self.events))
        return blocks

    def with_points(self, results: object, points: Points) -> MapLayers:
        """Return the layers with the events of a study as points.

        Raises
        ------
        SettingsError
            `points` is no such word, or there are no events to show.

        Warns
        -----
        TermsWarning
            If the points are exact.
        """
        if points not in POINTS:
            raise SettingsError(f"points is {points!r}; it can be {', '.join(map(repr, POINTS))}")
        if points == "none":
            return dataclasses.replace(self, events=None)
        if not isinstance(results, Results):
            raise SettingsError(
                "points are drawn from the events of a study; give the map the results of "
                "geo.run_study, or leave points='none'"
            )
        if points == "exact" and not results.made_up:
            warnings.warn(
                "the map holds the exact place, day and type of every event that has a place of "
                "its own; the terms of the source may forbid passing that on (ACLED's do). "
                "points='coarse' shows them on a grid",
                TermsWarning,
                stacklevel=3,
            )
        return dataclasses.replace(
            self, events=event_points(results.located, results.atlas, points)
        )


def layers_of(
    results: object, clusters: ScanResults | None, density: Surface | None, points: Points | None
) -> MapLayers:
    """Return the layers of a map: what is given, else what the study made and asked for."""
    study = results if isinstance(results, Results) else None
    if study is not None:
        clusters = study.scan if clusters is None else clusters
        density = study.surface if density is None else density
        points = study.settings.points if points is None else points
    if density is not None:
        check_density(density)
    found = MapLayers(clusters=clusters, density=density)
    return found.with_points(results, "none" if points is None else points)
