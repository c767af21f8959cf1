"""How unusual the neighbors of an area are, told by shuffling values among areas of like size.

Arrays in, arrays out. A rate is known far better where many people live. Smoothed, that of a
populous area strays farther from the mean than that of a small one, and populous areas lie
together: their values are not exchangeable, as :mod:`geo.stats.permutation` has it. Here the place
of a neighbor is taken by areas of like size (people, exposure) only, so that what size makes
different plays no part.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.stats.complete import BoolArray, IntArray, complete_maps, is_constant
from geo.stats.local import MIN_AREAS, Links, as_maps
from geo.stats.permutation import (
    LocalP,
    check_permutations,
    check_weights,
    draw_sequences,
    is_mean,
    permutation_p,
    two_sided_permutation_p,
)
from geo.stats.rates import FloatArray

MOST_GROUPS = 20
LEAST_IN_GROUP = 40
"""Areas in a group at least: fewer than twice as many areas are one group."""

FIRST_DRAWS = 999
"""Draws that every area gets."""

TIMES_MORE = 10
"""In each further round as many times more draws are made, for fewer areas."""

ENOUGH = 100
"""An area goes on to the next round with a p up to so many draws in all that were made."""

_AT_ONCE = 4_000
"""Draws from one seed: so many sums of all groups stay close to the processor."""

_CELLS = 2**22
"""Sums held at once."""


def like_permutation_p(
    values: ArrayLike,
    links: Links,
    *,
    sizes: ArrayLike,
    permutations: int = 999,
    rng: np.random.Generator,
) -> LocalP:
    """Return conditional permutation p-values of Gi* and local Moran's I, among areas of like size.

    As :func:`geo.stats.permutation.permutation_p`, but the place of each neighbor is taken by an
    area of its own group (:func:`groups_of_like`), so that less is taken for granted: values of
    areas of like size are exchangeable, not those of all areas. The value of the area itself is
    held; ties count on both sides. With one group it is that function, with the same draws.

    Draws are made in rounds: 999 for all areas; then 9,999 for those with a p up to 0.1, 99,999
    for those with a p up to 0.01 by these, and so on to `permutations`. Each round draws anew, and
    the p of an area is that of its last round alone. So every p is valid: to be at most a level
    that lets it pass a round, it must be so in a later one, and else in that round.

    Parameters
    ----------
    values, links, rng
        As there.
    sizes
        One number an area, for all maps or for each, as its person-years.
    permutations
        Number of draws of the last round.

    Returns
    -------
    LocalP
        As there. A map gives the same alone and among others.

    References
    ----------
    For rounds: Besag, J., and Clifford, P. (1991). Sequential Monte Carlo p-values. *Biometrika*
    78, 301-304.

    Examples
    --------
    Two hundred areas in a row, every third a town. Towns have high values, wherever they lie, so
    that a village between two towns is nothing unusual:

    >>> from geo.stats.local import links_between
    >>> left = np.arange(199)
    >>> row = links_between([*left, *(left + 1)], [*(left + 1), *left], 200)
    >>> people = np.where(np.arange(200) % 3 == 0, 9000.0, 10.0) + np.arange(200)
    >>> noise = np.random.default_rng(1).uniform(size=200)
    >>> values = noise + np.where(people > 1000, 50.0, 0.0)
    >>> rng = np.random.default_rng(20240909)
    >>> p = like_permutation_p(values, row, sizes=people, rng=rng).gi_star
    >>> bool(abs((p <= 0.1).mean() - 0.1) < 0.05)
    True
    """
    check_permutations(permutations)
    check_weights(links)
    plain = copy.deepcopy(rng)
    seed = int(rng.integers(2**63))
    shape = np.shape(values)
    p = np.full(as_maps(values, links).shape, np.nan)
    p_moran, side = p.copy(), p.copy()
    of_maps = np.broadcast_to(np.asarray(sizes, dtype=np.float64), shape).reshape(p.shape)
    for part in complete_maps(values, links):
        kinds = np.array([groups_of_like(of_maps[one, part.areas]) for one in part.maps])
        alike = kinds.max(axis=1, initial=0) == 0
        found, higher = np.full((2, *part.values.shape), np.nan)
        if alike.any():
            of_all = permutation_p(
                part.values[alike], part.links, permutations=permutations, rng=copy.deepcopy(plain)
            )
            found[alike], higher[alike] = of_all.gi_star, of_all.side
        varied = ~alike & ~is_constant(part.values)
        if varied.any():
            found[varied], higher[varied] = _p_of_groups(
                part.values[varied], part.links, kinds[varied], permutations, seed
            )
        part.put(found, into=p)
        part.put(higher, into=side)
        part.put(np.where(is_mean(part.values) & ~np.isnan(found), 1.0, found), into=p_moran)
    return LocalP(p.reshape(shape), p_moran.reshape(shape), side.reshape(shape))


def groups_of_like(sizes: ArrayLike) -> IntArray:
    """Cut areas into groups of like size, each with as many areas, from 0 for the smallest.

    There are 20 groups, or fewer: a group has 40 areas at least. Where all sizes are equal there
    is one. A size that is not known (NaN) counts as the smallest.

    Examples
    --------
    >>> groups_of_like([5, 900, 7, 800] * 20)[:4].tolist()
    [0, 1, 0, 1]
    >>> int(groups_of_like([5, 900, 7, 800] * 19).max())
    0
    """
    numbers = np.nan_to_num(np.asarray(sizes, dtype=np.float64), nan=0.0)
    number = len(numbers)
    groups = int(np.clip(number // LEAST_IN_GROUP, 1, MOST_GROUPS))
    if not number or numbers.min() == numbers.max():
        return np.zeros(number, dtype=np.int64)
    # Equal sizes by a lot that has nothing to do with where areas lie, and is always the same.
    by_lot = np.random.default_rng(number).permutation(number)
    place = np.empty(number, dtype=np.int64)
    place[np.lexsort((by_lot, numbers))] = np.arange(number)
    kind: IntArray = place * groups // number
    return kind


def rounds_of_draws(permutations: int) -> list[int]:
    """Return the draws of each round.

    Examples
    --------
    >>> rounds_of_draws(99_999), rounds_of_draws(5_000), rounds_of_draws(199)
    ([999, 9999, 99999], [999, 5000], [199])
    """
    rounds = [min(FIRST_DRAWS, permutations)]
    while rounds[-1] < permutations:
        rounds.append(min((rounds[-1] + 1) * TIMES_MORE - 1, permutations))
    return rounds


class _Layout(NamedTuple):
    """One map in the order of its groups: places are those of areas in that order.

    Attributes
    ----------
    order
        The area of each place.
    values, kind
        Value and group of each place.
    numbers
        Neighbors of each place in each group.
    own
        Of these, those in its own group.
    observed, slack
        Sum of the neighbors, and by how much rounding may change it.
    """

    order: IntArray
    values: FloatArray
    kind: IntArray
    numbers: IntArray
    own: IntArray
    observed: FloatArray
    slack: float

    @classmethod
    def of(cls, values: FloatArray, links: Links, kind: IntArray) -> _Layout:
        order = np.argsort(kind, kind="stable")
        places = np.arange(len(order))
        binary = scipy.sparse.csr_array(links.astype(bool).astype(np.float64)[order][:, order])
        member = np.zeros((len(order), int(kind.max()) + 1))
        member[places, kind[order]] = 1
        numbers = np.rint(binary @ member).astype(np.int64)
        # Sums of the same values in another order differ by rounding, and must be ties.
        deepest = int(numbers.sum(axis=1).max(initial=0))
        rounding = 4 * np.finfo(np.float64).eps * (deepest + 1) ** 2
        return cls(
            order=order,
            values=values[order],
            kind=kind[order],
            numbers=numbers,
            own=numbers[places, kind[order]],
            observed=binary @ values[order],
            slack=float(rounding * np.abs(values).max()),
        )

    def tested(self) -> BoolArray:
        """Return the places that have neighbors, and others to take their place."""
        degree = self.numbers.sum(axis=1)
        n_areas = len(self.order)
        tested: BoolArray = (degree > 0) & (degree < n_areas - 1) & (n_areas >= MIN_AREAS)
        return tested

    def depth(self, places: IntArray) -> IntArray:
        """Return how many areas of each group must be drawn for some places."""
        depth: IntArray = self.numbers[places].max(axis=0, initial=0)
        own = self.own[places]
        # One more, for a draw of the area itself.
        np.maximum.at(depth, self.kind[places], own + (own > 0))
        return depth


def _p_of_groups(
    values: FloatArray, links: Links, kinds: IntArray, permutations: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return p and side of complete maps, all with as many areas in each group."""
    layouts = [_Layout.of(row, links, kind) for row, kind in zip(values, kinds, strict=True)]
    groups = np.bincount(kinds[0])
    asked = [np.flatnonzero(one.tested()) for one in layouts]
    p, side = np.full((2, *values.shape), np.nan)
    for number, draws in enumerate(rounds_of_draws(permutations)):
        counts = _count_extremes(layouts, asked, groups, draws, (seed, number))
        for row, (one, places) in enumerate(zip(layouts, asked, strict=True)):
            at_least, at_most = counts[row]
            found = two_sided_permutation_p(at_least, at_most, draws)
            p[row, one.order[places]] = found
            side[row, one.order[places]] = np.sign(at_most - at_least)
            asked[row] = places[found <= ENOUGH / (draws + 1)]
    return p, side


def _count_extremes(
    layouts: Sequence[_Layout],
    asked: Sequence[IntArray],
    groups: IntArray,
    permutations: int,
    seed: tuple[int, int],
) -> list[IntArray]:
    """Count, for the places asked of each map, draws at least and at most as high as observed."""
    counts = [np.zeros((2, len(places)), dtype=np.int64) for places in asked]
    step = max(_CELLS // min(_AT_ONCE, permutations), 1)
    plans = [
        (_Plan.of(one, places[start : start + step]), count[:, start : start + step])
        for one, places, count in zip(layouts, asked, counts, strict=True)
        for start in range(0, len(places), step)
    ]
    if not plans:
        return counts
    deepest = np.max([plan.depth for plan, _ in plans], axis=0)
    own = np.max([plan.own for plan, _ in plans], axis=0)
    for number, done in enumerate(range(0, permutations, _AT_ONCE)):
        size = min(_AT_ONCE, permutations - done)
        drawn = _Drawn.of(groups, deepest, own, size, (*seed, number))
        for plan, count in plans:
            plan.add(drawn, into=count)
    return counts


class _Drawn(NamedTuple):
    """Draws from one seed: in each column a sequence of places of every group.

    Attributes
    ----------
    places
        The places that are drawn, those of one group below one another; a sequence begins alike
        however deep it is.
    begin
        Row at which each group begins.
    held, number, draw
        Places that are drawn among as many as they have neighbors in their own group in some map:
        which, how many of its group are drawn before it, and in which draw.
    """

    places: IntArray
    begin: IntArray
    held: IntArray
    number: IntArray
    draw: IntArray

    @classmethod
    def of(
        cls, groups: IntArray, depth: IntArray, own: IntArray, size: int, seed: tuple[int, ...]
    ) -> _Drawn:
        first, begin = np.cumsum(groups) - groups, np.cumsum(depth) - depth
        places = np.empty((int(depth.sum()), size), dtype=np.int64)
        most = np.maximum.reduceat(own, first)
        found = [np.zeros((3, 0), dtype=np.int64)]
        for group in np.flatnonzero(depth).tolist():
            rng = np.random.default_rng((*seed, group))
            rows = places[begin[group] : begin[group] + depth[group]]
            np.add(draw_sequences(int(groups[group]), len(rows), size, rng), first[group], out=rows)
            rows = rows[: most[group]]
            at = np.flatnonzero(own.take(rows) > np.arange(len(rows))[:, np.newaxis])
            found.append(np.stack([rows.take(at), *np.divmod(at, size)]))
        return cls(places, begin, *np.concatenate(found, axis=1))


class _Plan(NamedTuple):
    """What counting some places of one map needs, whatever is drawn.

    Attributes
    ----------
    one
        The map.
    depth
        How many areas of each group must be drawn.
    begin
        Row of the sums at which each group begins: they are of its first area drawn, its first
        two, and so on.
    member
        Which of those rows add up to the neighbors of each of the places.
    row, own
        Of all places of the map: where it stands among those counted, and how many neighbors it
        has in its own group; 0 where it is not counted.
    low, high
        Bounds of what counts as the observed sum, a column each.
    """

    one: _Layout
    depth: IntArray
    begin: IntArray
    member: scipy.sparse.csr_array
    row: IntArray
    own: IntArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, one: _Layout, places: IntArray) -> _Plan:
        depth = one.depth(places)
        begin = np.cumsum(depth) - depth
        at, group = np.nonzero(one.numbers[places])
        column = begin[group] + one.numbers[places][at, group] - 1
        shape = (len(places), int(depth.sum()))
        row, own = np.zeros((2, len(one.values)), dtype=np.int64)
        row[places], own[places] = np.arange(len(places)), one.own[places]
        return cls(
            one=one,
            depth=depth,
            begin=begin,
            member=scipy.sparse.csr_array((np.ones(len(at)), (at, column)), shape=shape),
            row=row,
            own=own,
            low=(one.observed[places] - one.slack)[:, np.newaxis],
            high=(one.observed[places] + one.slack)[:, np.newaxis],
        )

    def add(self, drawn: _Drawn, into: IntArray) -> None:
        """Add to the counts of the places what some draws give."""
        total = self.member @ self._sums(drawn)
        row, draw, change = self._held(drawn)
        total[row, draw] += change
        into += _count_true(total >= self.low), _count_true(total <= self.high)

    def _sums(self, drawn: _Drawn) -> FloatArray:
        """Return the sums of the first areas drawn of each group, one more in each row."""
        sums = np.empty((int(self.depth.sum()), drawn.places.shape[1]))
        for begin, depth, first in zip(self.begin, self.depth, drawn.begin, strict=True):
            for number in range(depth):
                row = sums[begin + number]
                # No place is outside: "clip" only spares the processor looking for such.
                self.one.values.take(drawn.places[first + number], out=row, mode="clip")
                if number:
                    row += sums[begin + number - 1]
        return sums

    def _held(self, drawn: _Drawn) -> tuple[IntArray, IntArray, FloatArray]:
        """Return which draws hold the area itself, and what changes as it takes the next one."""
        here = np.flatnonzero(drawn.number < self.own.take(drawn.held))
        held, draw = drawn.held.take(here), drawn.draw.take(here)
        following = drawn.begin.take(self.one.kind.take(held)) + self.own.take(held)
        instead = drawn.places[following, draw]
        change = self.one.values.take(instead) - self.one.values.take(held)
        return self.row.take(held), draw, change


def _count_true(claims: BoolArray) -> IntArray:
    """Count what is true in each row, eight at a time."""
    count: IntArray = np.bitwise_count(np.packbits(claims, axis=1)).sum(axis=1, dtype=np.int64)
    return count
