"""When the rate of an area changed, without being told, and whether it goes one way.

A break that was found here must not be put to the test of :mod:`geo.steps.interrupted`, as if its
date had been known before.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo import schema
from geo.errors import SettingsError
from geo.stats import change_points, multiple, rates, ratios, trend
from geo.steps.series import complete_series, counts_of, in_time, table_of

REPLICATES = 1999
"""Draws of the bootstrap of the date of a break."""


def find_breaks(
    measures: pd.DataFrame,
    *,
    areas: Iterable[str] | None = None,
    rng: np.random.Generator,
    least_periods: int = 3,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Find when the rate of each area changed, without being told.

    Of all ways to cut the series the one with the highest Poisson likelihood, each break at a
    price of three times the logarithm of the number of periods. The likelihood is scaled to how
    much the series varies from one period to the next, so that a burst is no break. There is no
    p-value: whether an area has a break is settled by the price alone.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month (or another period). Only complete periods are searched.
        Where an area's population is not known, its counts per year are.
    areas
        Codes of the areas that are searched; all of them unless given.
    rng
        Source of the draws for the range of dates.
    least_periods
        Periods that lie between two breaks at least.
    confidence
        Share of the draws in the range of dates.

    Returns
    -------
    DataFrame
        A ``BREAKS`` table; an area without a break has no row.

    Raises
    ------
    AreaError
        If an area is not in the table.
    PeriodError
        If complete periods have a gap between them, or there are none.
    SettingsError
        If there are fewer than twice `least_periods` of them, or more than 400.

    Examples
    --------
    >>> find_breaks(schema.MEASURES.empty(), rng=np.random.default_rng(1)).empty
    True
    """
    schema.MEASURES.check(measures)
    rows: list[dict[str, object]] = []
    for code, series in complete_series(measures, areas):
        _refuse_short(series, 2 * least_periods)
        events, exposure, per = counts_of(series)
        dispersion = change_points.dispersion_of_steps(events, exposure)
        found = change_points.find_change_points(
            events, exposure, least_length=least_periods, dispersion=dispersion
        )
        if not found.breaks:
            continue
        ranges = change_points.break_ranges(
            events,
            exposure,
            breaks=found.breaks,
            rng=rng,
            least_length=least_periods,
            confidence=confidence,
            replicates=REPLICATES,
        )
        edges = np.array([0, *found.breaks, len(series)])
        n, time = (np.add.reduceat(values, edges[:-1]) for values in (events, exposure))
        ratio = ratios.rate_ratio(
            base_events=n[:-1],
            base_exposure=time[:-1],
            comparison_events=n[1:],
            comparison_exposure=time[1:],
        )
        label = series["period"].to_numpy()
        for place, (at, span) in enumerate(zip(found.breaks, ranges, strict=True)):
            rows.append(
                {
                    "cvegeo": code,
                    "number": place + 1,
                    "period": label[at],
                    "period_low": label[span.low],
                    "period_high": label[span.high],
                    "share_at_break": span.share_at_break,
                    "periods_before": edges[place + 1] - edges[place],
                    "periods_after": edges[place + 2] - edges[place + 1],
                    "events_before": n[place],
                    "events_after": n[place + 1],
                    "rate_before": per * found.rates[place],
                    "rate_after": per * found.rates[place + 1],
                    "rate_ratio": ratio[place],
                    "dispersion": dispersion,
                }
            )
    return table_of(rows, schema.BREAKS)


def cut_series(
    measures: pd.DataFrame, breaks: pd.DataFrame, *, areas: Iterable[str]
) -> pd.DataFrame:
    """Return the series of some areas, with the segment that each period belongs to.

    Parameters
    ----------
    measures
        A ``MEASURES`` table.
    breaks
        The ``BREAKS`` table that :func:`find_breaks` made of it.
    areas
        Codes of the areas.

    Returns
    -------
    DataFrame
        A ``SERIES`` table, incomplete periods included; they have no segment.

    Examples
    --------
    >>> cut_series(schema.MEASURES.empty(), schema.BREAKS.empty(), areas=[]).empty
    True
    """
    schema.MEASURES.check(measures)
    schema.BREAKS.check(breaks)
    parts = []
    for code in areas:
        whole = in_time(measures[measures["cvegeo"] == code]).reset_index(drop=True)
        complete = whole["complete"].to_numpy(dtype=bool)
        starts = breaks.loc[breaks["cvegeo"] == code, "period"]
        segment = 1 + whole["period"].isin(starts).cumsum().to_numpy()
        used = whole[complete].reset_index(drop=True)
        events, exposure, per = counts_of(used)
        of_segment = pd.DataFrame({"n": events, "t": exposure}).groupby(segment[complete]).sum()
        level = pd.Series(per * rates.divide(of_segment["n"], of_segment["t"]), of_segment.index)
        parts.append(
            whole.assign(
                segment=pd.array(np.where(complete, segment, -1), dtype="Int64"),
                segment_rate=np.where(complete, level.reindex(segment).to_numpy(), np.nan),
            )
        )
        parts[-1]["segment"] = parts[-1]["segment"].mask(~complete)
    if not parts:
        return schema.SERIES.empty()
    joined = pd.concat(parts, ignore_index=True)
    return joined[list(schema.SERIES.dtypes)].astype(schema.SERIES.dtypes)


def find_trends(measures: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Say of each area whether its rate goes one way over the complete periods, and how fast.

    The test looks at the order of the rates alone (Mann-Kendall, corrected for ties), so one wild
    month does not make a trend; a lasting jump does. It takes periods as independent: where each
    resembles the one before, p is too small.

    Parameters
    ----------
    measures
        A ``MEASURES`` table. Where an area's population is not known, its counts per year are
        looked at.
    confidence
        Two-sided coverage of the interval of the slope.

    Returns
    -------
    DataFrame
        A ``TREND`` table. Slopes are per 100,000 person-years and year, or events per year and
        year. q-values are over all areas of the table.

    Raises
    ------
    PeriodError
        If complete periods have a gap between them, or there are none.

    Examples
    --------
    >>> find_trends(schema.MEASURES.empty()).empty
    True
    """
    schema.MEASURES.check(measures)
    found = complete_series(measures, None)
    counted = [counts_of(series) for _, series in found]
    values = [per * rates.divide(events, exposure) for events, exposure, per in counted]
    length = np.array([len(one) for one in values], dtype=np.int64)
    rows: list[dict[str, object]] = [{} for _ in found]
    for periods in np.unique(length):
        # As a rule all series are as long, and tested at once.
        places = np.flatnonzero(length == periods)
        together = np.stack([values[place] for place in places], axis=1)
        test = trend.mann_kendall(together)
        slope = trend.theil_sen(together, confidence=confidence)
        for column, place in enumerate(places):
            code, series = found[place]
            a_year = len(series) / series["years"].sum()
            rows[place] = {
                "cvegeo": code,
                "first": series["period"].iloc[0],
                "last": series["period"].iloc[-1],
                "periods": len(series),
                "events": counted[place][0].sum(),
                "score": test.score[column],
                "tau_b": test.tau_b[column],
                "p_value": test.p_value[column],
                "p_exact": test.p_exact[column],
                "q_value": np.nan,
                "slope": slope.slope[column] * a_year,
                "slope_low": slope.slope_low[column] * a_year,
                "slope_high": slope.slope_high[column] * a_year,
            }
    table = table_of(rows, schema.TREND)
    return table.assign(q_value=multiple.benjamini_hochberg(table["p_value"]))


def _refuse_short(series: pd.DataFrame, least: int) -> None:
    if len(series) < least:
        raise SettingsError(
            f"{len(series)} complete periods; a break needs at least {least}, half of them on "
            "either side. Count by a shorter period, or take in earlier ones"
        )
