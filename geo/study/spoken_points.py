"""What tables of points and of concentration say, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.clusters import PointClusters
from geo.study.phrases import points as words
from geo.study.settings import Language
from geo.study.titles import area_name

_SHOWN = 3
_LEVEL = 0.05


def clusters_sentence(
    found: PointClusters,
    place: str,
    *,
    reach_m: float,
    reach_days: float,
    min_events: int,
    language: Language = "en",
) -> str:
    """Return how many clusters there are, how much they hold, and which are the largest.

    Parameters
    ----------
    found
        From :func:`geo.steps.clusters.cluster_points`.
    place
        Where the events lie.
    reach_m, reach_days, min_events
        As it was asked for.

    Examples
    --------
    >>> from geo import schema
    >>> from geo.steps.clusters import cluster_points
    >>> near = {"reach_m": 10_000, "reach_days": 7, "min_events": 5}
    >>> found = cluster_points(schema.ASSIGNED.empty(), **near)
    >>> clusters_sentence(found, "Sinaloa", **near)
    'Sinaloa: 0 clusters hold 0 of 0 events with an exact place and day (ST-DBSCAN: at least 5
    within 10 km and 7 days). Labels are a description, not a test: chance makes clusters, too'
    """
    looked = int(found.events["cluster"].notna().sum())
    largest = found.clusters.sort_values(["events", "cluster"], ascending=[False, True])
    shown = ", ".join(_cluster(row, language) for _, row in largest.head(_SHOWN).iterrows())
    piled = ""
    if looked:
        piled = words.PILED.say(language, share=100 * found.piled / looked)
    return words.CLUSTERS.say(
        language,
        place=place,
        clusters=len(found.clusters),
        inside=int(found.clusters["events"].sum()),
        looked=looked,
        least=min_events,
        km=reach_m / 1000,
        days=reach_days,
        largest=words.LARGEST.say(language, shown=shown) if shown else "",
        piled=piled,
    )


def _cluster(row: pd.Series, language: Language) -> str:
    code = row["cvegeo"]
    return words.CLUSTER.say(
        language,
        events=row["events"],
        days=row["days"],
        name=words.OPEN_SEA.say(language) if pd.isna(code) else area_name(code),
        first=row["first_day"].date(),
        last=row["last_day"].date(),
        places=row["places"],
        km=row["radius_m"] / 1000,
    )


def repeats_sentence(
    table: pd.DataFrame, place: str, *, seed: int, language: Language = "en"
) -> str:
    """Return in which bands of a ``NEAR_REPEATS`` table there are more pairs than by chance.

    Examples
    --------
    >>> from geo import schema
    >>> repeats_sentence(schema.NEAR_REPEATS.empty(), "Sinaloa", seed=1)
    'Sinaloa: no event with an exact place and day'
    """
    if table.empty:
        return words.NO_PAIRS.say(language, place=place)
    more = table[(table["q_value"] <= _LEVEL) & (table["ratio"] > 1)]
    found = words.NO_BAND.say(language)
    if len(more):
        top = more.sort_values("ratio", ascending=False, kind="stable").head(_SHOWN)
        shown = ", ".join(_band(row, language) for _, row in top.iterrows())
        found = words.BANDS.say(language, number=len(more), shown=shown)
    return words.REPEATS.say(
        language,
        place=place,
        events=int(table["events"].iloc[0]),
        bands=len(table),
        permutations=int(table["permutations"].iloc[0]),
        seed=seed,
        found=found,
    )


def _band(row: pd.Series, language: Language) -> str:
    low, high = row["above_m"] / 1000, row["up_to_m"] / 1000
    where = words.KM if low >= 0 and row["up_to_m"] > 0 else words.UP_TO_KM
    after = row["after_days"]
    first = 0 if pd.isna(after) else int(after) + 1
    return words.BAND.say(
        language,
        where=words.SAME_PLACE.say(language)
        if row["up_to_m"] == 0
        else where.say(language, low=low, high=high),
        when=words.DAYS.say(language, low=first, high=int(row["up_to_days"])),
        observed=int(row["observed"]),
        expected=row["expected"],
        ratio=row["ratio"],
        p=row["p_value"],
    )


def concentration_sentence(table: pd.DataFrame, *, language: Language = "en") -> str:
    """Return what a ``CONCENTRATION`` table says of its last complete periods.

    Examples
    --------
    >>> from geo import schema
    >>> concentration_sentence(schema.CONCENTRATION.empty(), language="es")
    'ningún periodo completo con eventos'
    """
    rows = table[table["complete"].astype(bool) & (table["events"] > 0)]
    if rows.empty:
        return words.NO_PERIOD.say(language)
    last = rows.iloc[-1]
    people = last["gini_people"]
    before = ""
    if len(rows) > 1:
        previous = rows.iloc[-2]
        before = words.BEFORE.say(
            language,
            period=previous["period"],
            share=100 * previous["share_of_areas"],
            events=previous["events"],
        )
    return words.CONCENTRATION.say(
        language,
        period=last["period"],
        areas=last["fewest_areas"],
        all=last["areas"],
        share=100 * last["share_of_areas"],
        held=100 * last["share_held"],
        events=last["events"],
        top20=100 * last["in_top_20"],
        top5=100 * last["in_top_5"],
        gini=last["gini"],
        few=last["gini_few"],
        people="" if math.isnan(people) else words.PEOPLE.say(language, gini=people),
        before=before,
    )


def prediction_sentence(table: pd.DataFrame, *, language: Language = "en") -> str:
    """Return what a ``PREDICTION`` table says of its last pair of periods, and of all.

    Examples
    --------
    >>> from geo import schema
    >>> prediction_sentence(schema.PREDICTION.empty())
    'no two complete periods follow one another'
    """
    if table.empty:
        return words.NO_PAIR.say(language)
    last = table[table["period"] == table["period"].iloc[-1]].set_index("rule")
    hot = last.loc["hotspots"]
    pairs = table["period"].nunique()
    whole = ""
    if pairs > 1:
        summed = table.groupby("rule")[["hits", "events"]].sum()
        rates = ", ".join(
            words.RATE.say(
                language,
                rule=rule.say(language),
                rate=100 * summed.loc[name, "hits"] / max(summed.loc[name, "events"], 1),
            )
            for name, rule in words.RULES.items()
        )
        whole = words.WHOLE.say(language, pairs=pairs, rates=rates)
    told = {
        "period": hot["period"],
        "following": hot["next_period"],
        "events": hot["events"],
        "whole": whole,
    }
    if not hot["chosen"]:
        return words.NO_HOTSPOT.say(language, **told)
    others = ", ".join(
        words.OTHER.say(
            language,
            rule=words.RULES[name].say(language),
            rate=100 * last.loc[name, "hit_rate"],
            pai=_index(last.loc[name, "pai"]),
        )
        for name in list(words.RULES)[1:]
    )
    return words.PREDICTION.say(
        language,
        **told,
        hits=hot["hits"],
        rate=100 * hot["hit_rate"],
        chosen=hot["chosen"],
        area=100 * hot["share_of_area"],
        pai=_index(hot["pai"]),
        others=others,
    )


def _index(pai: float) -> str:
    return "-" if math.isnan(pai) else f"{pai:.1f}"
