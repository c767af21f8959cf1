"""The part of a study that makes a surface: density, relative risk, or change."""

from __future__ import annotations

from collections.abc import Mapping

from geo.errors import SettingsError
from geo.sources.population import load_population
from geo.stats.density import Kernel
from geo.steps.surface import CELL_M, Kind, Surface, event_density
from geo.steps.surface_ratio import density_change, relative_risk
from geo.study.changing import compared
from geo.study.locating import Located


def surfacing(
    found: Located,
    days: Mapping[str, str],
    *,
    kind: Kind = "density",
    window: str | None = None,
    cell_m: float = CELL_M,
    bandwidth_m: float | None = None,
    kernel: Kernel = "gaussian",
    adaptive: bool = False,
) -> Surface:
    """Return a surface of the events of a study, over the whole country.

    Parameters
    ----------
    found, days
        The events with their areas, and the days that they cover.
    kind
        ``"density"``, ``"relative-risk"``, or ``"change"`` between the windows of the study.
    window, cell_m, bandwidth_m, kernel, adaptive
        As in :func:`geo.steps.surface.event_density`.

    Raises
    ------
    SettingsError
        If a change is asked for without two windows, or two windows, a window or an adaptive
        bandwidth where they mean nothing.
    GeoError
        As the steps do.
    """
    study, covered = found.settings, {"data_from": days["first"]}
    covered["data_through"] = days["data_through"]
    if adaptive and kind != "density":
        raise SettingsError(
            f"an adaptive bandwidth is for a density; a {kind} needs one for both sides"
        )
    if kind == "change":
        if window is not None:
            raise SettingsError("a change has two windows, base and comparison; leave out window")
        asked = compared(found, days, "municipality")
        return density_change(
            found.located,
            base=asked["base"],
            comparison=asked["comparison"],
            cell_m=cell_m,
            bandwidth_m=bandwidth_m,
            kernel=kernel,
            **covered,
        )
    if study.base is not None:
        raise SettingsError(
            f"a {kind} is of one window: give window in place of base and comparison, or ask for "
            "the kind change"
        )
    if kind == "density":
        return event_density(
            found.located,
            window=window,
            cell_m=cell_m,
            bandwidth_m=bandwidth_m,
            kernel=kernel,
            adaptive=adaptive,
            **covered,
        )
    people = found.population("municipality")
    return relative_risk(
        found.located,
        load_population("municipality") if people is None else people,
        window=window,
        cell_m=cell_m,
        bandwidth_m=bandwidth_m,
        kernel=kernel,
        nearest_year=study.nearest_year,
        **covered,
    )
