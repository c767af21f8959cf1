"""ACLED's codes and labels in the words of the contract.

The current layout (2023 on), the older one (to 2022) and the curated regional files differ in
columns and spelling; what a row says is the same. ``disorder_type`` is absent in the older layout
and follows from the sub-event type; ``civilian_targeting`` is absent and does not follow.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from geo.cvegeo import fold
from geo.sources.cells import (
    code,
    mapped,
    mask_of,
    missing,
    present,
    stated,
    trimmed,
    words,
)
from geo.sources.findings import Findings
from geo.sources.numbers import judged_counts
from geo.sources.remarks import Count, Example, Remark

EARLIEST = np.datetime64("1997-01-01")
"""First day that ACLED covers anywhere."""

SUB_TYPES: dict[str, tuple[str, ...]] = {
    "Battles": (
        "Government regains territory",
        "Non-state actor overtakes territory",
        "Armed clash",
    ),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": (
        "Sexual violence",
        "Attack",
        "Abduction/forced disappearance",
    ),
    "Protests": (
        "Peaceful protest",
        "Protest with intervention",
        "Excessive force against protesters",
    ),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}
"""The 25 pairs of event type and sub-event type."""

TYPE_OF: dict[str, str] = {sub: kind for kind, subs in SUB_TYPES.items() for sub in subs}

_VIOLENCE, _DEMONSTRATIONS = "Political violence", "Demonstrations"
_BOTH = f"{_VIOLENCE}; {_DEMONSTRATIONS}"
DISORDER_OF: dict[str, str] = {
    "Battles": _VIOLENCE,
    "Explosions/Remote violence": _VIOLENCE,
    "Violence against civilians": _VIOLENCE,
    "Strategic developments": "Strategic developments",
    "Peaceful protest": _DEMONSTRATIONS,
    "Protest with intervention": _DEMONSTRATIONS,
    "Excessive force against protesters": _BOTH,
    "Violent demonstration": _DEMONSTRATIONS,
    "Mob violence": _VIOLENCE,
}
"""Disorder type by event type or, for protests and riots, by sub-event type."""

_OTHER_TYPES = {
    "Batallas": "Battles",
    "Enfrentamientos": "Battles",
    "Explosiones/Violencia remota": "Explosions/Remote violence",
    "Explosiones/Violencia a distancia": "Explosions/Remote violence",
    "Remote violence": "Explosions/Remote violence",
    "Violencia contra civiles": "Violence against civilians",
    "Violencia contra la población civil": "Violence against civilians",
    "Protestas": "Protests",
    "Disturbios": "Riots",
    "Desarrollos estratégicos": "Strategic developments",
    "Acontecimientos estratégicos": "Strategic developments",
    "Strategic development": "Strategic developments",
}
_OLD_TYPES = {
    "Battle-No change of territory": "Armed clash",
    "Battle-Government regains territory": "Government regains territory",
    "Battle-Non-state actor overtakes territory": "Non-state actor overtakes territory",
    "Headquarters or base established": "Headquarters or base established",
    "Non-violent transfer of territory": "Non-violent transfer of territory",
}
"""Event types of the codebook before 2019 that today are sub-event types."""

_OTHER_SUB_TYPES = {
    "Enfrentamiento armado": "Armed clash",
    "Choque armado": "Armed clash",
    "El gobierno recupera territorio": "Government regains territory",
    "Actor no estatal toma territorio": "Non-state actor overtakes territory",
    "Arma química": "Chemical weapon",
    "Ataque aéreo/con drones": "Air/drone strike",
    "Ataque aéreo/de dron": "Air/drone strike",
    "Atentado suicida": "Suicide bomb",
    "Bombardeo/artillería/ataque con misiles": "Shelling/artillery/missile attack",
    "Explosivo remoto/mina terrestre/IED": "Remote explosive/landmine/IED",
    "Granada": "Grenade",
    "Violencia sexual": "Sexual violence",
    "Ataque": "Attack",
    "Secuestro/desaparición forzada": "Abduction/forced disappearance",
    "Protesta pacífica": "Peaceful protest",
    "Protesta con intervención": "Protest with intervention",
    "Fuerza excesiva contra manifestantes": "Excessive force against protesters",
    "Manifestación violenta": "Violent demonstration",
    "Violencia de turba": "Mob violence",
    "Violencia colectiva": "Mob violence",
    "Acuerdo": "Agreement",
    "Arrestos": "Arrests",
    "Saqueo/destrucción de propiedad": "Looting/property destruction",
    "Otro": "Other",
    "Otros": "Other",
}
_DISORDER_LABELS = {
    **{name: name for name in (_VIOLENCE, _DEMONSTRATIONS, "Strategic developments", _BOTH)},
    "Demostrations": _DEMONSTRATIONS,
    f"{_VIOLENCE}; Demostrations": _BOTH,
    "Violencia política": _VIOLENCE,
    "Manifestaciones": _DEMONSTRATIONS,
    "Desarrollos estratégicos": "Strategic developments",
    "Violencia política; Manifestaciones": _BOTH,
}

_TYPE = {fold(name): kind for name, kind in {**{k: k for k in SUB_TYPES}, **_OTHER_TYPES}.items()}
_SUB = {fold(name): sub for name, sub in {**{s: s for s in TYPE_OF}, **_OTHER_SUB_TYPES}.items()}
_OLD = {fold(name): sub for name, sub in _OLD_TYPES.items()}
_DISORDER = {fold(name): disorder for name, disorder in _DISORDER_LABELS.items()}

_GEO = {1: "exact", 2: "near", 3: "state"}
_TIME = {1: "day", 2: "week", 3: "month"}
INTER = {
    1: "State forces",
    2: "Rebel group",
    3: "Political militia",
    4: "Identity militia",
    5: "Rioters",
    6: "Protesters",
    7: "Civilians",
    8: "External/Other forces",
}
"""Kind of actor by the number that older files give."""

TRANSLATED = ("inter1", "inter2", "interaction")
"""Extra columns that are put in words; all others stay as they are."""


def translate(frame: pd.DataFrame, findings: Findings) -> dict[str, pd.Series]:
    """Return the columns of the contract, but for date and point; judge the types.

    Parameters
    ----------
    frame
        The file's columns under ACLED's own names in lower case.
    findings
        Verdicts so far. Types that are not in ACLED's codebook are quarantined as
        ``unknown_type``, pairs that do not go together as ``type_mismatch``.
    """
    cells = _Cells(frame)
    types = _types(cells, findings)
    deaths = judged_counts(cells["fatalities"], "fatalities", findings)
    nothing = pd.Series(np.nan, index=frame.index, dtype="float64")
    return {
        "event_id": trimmed(cells["event_id_cnty"]),
        **types,
        "actor1": present(cells["actor1"]),
        "actor2": present(cells["actor2"]),
        "civilian_targeting": _targeting(frame, findings),
        "fatalities": pd.Series(deaths, index=frame.index),
        "fatalities_low": nothing,
        "fatalities_high": nothing,
        "time_precision": words(cells["time_precision"], _word(_TIME)).fillna("unknown"),
        "geo_precision": words(cells["geo_precision"], _word(_GEO)).fillna("unknown"),
        "admin1": present(cells["admin1"]),
        "admin2": present(cells["admin2"]),
        **{name: interaction(frame[name], name) for name in TRANSLATED if name in frame},
    }


class _Cells:
    """The columns of a file, blank where a layout lacks one."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __getitem__(self, name: str) -> pd.Series:
        return self.frame[name] if name in self.frame else missing(self.frame.index)


def _word(of: dict[int, str]) -> Callable[[str], str | None]:
    return lambda text: of.get(code(text) or 0)


def _types(cells: _Cells, findings: Findings) -> dict[str, pd.Series]:
    """Return event, sub-event and disorder type in ACLED's present spelling."""
    kind_given, sub_given = stated(cells["event_type"]), stated(cells["sub_event_type"])
    sub = words(sub_given, lambda text: _SUB.get(fold(text)))
    old = words(kind_given, lambda text: _OLD.get(fold(text)))
    sub = sub.fillna(old)
    of_sub = words(sub, TYPE_OF.get)
    kind = words(kind_given, lambda text: _TYPE.get(fold(text)))
    # A type that is a sub-event type today, and a blank one, follow from the sub-event type.
    derived = mask_of(kind.isna() & of_sub.notna() & (kind_given.isna() | old.notna()))
    kind = kind.mask(derived, of_sub)
    if derived.any():
        findings.repairs.append(
            Remark(
                "event_type: {n} given the type that their sub-event type belongs to",
                n=Count(int(derived.sum()), "record"),
            )
        )
    unknown_sub = mask_of(sub_given.notna() & sub.isna())
    findings.quarantine(mask_of(kind.isna()), "unknown_type", "event_type", cells["event_type"])
    findings.quarantine(unknown_sub, "unknown_type", "sub_event_type", cells["sub_event_type"])
    mismatch = mask_of(of_sub.notna() & kind.notna() & of_sub.ne(kind))
    findings.quarantine(mismatch, "type_mismatch", "sub_event_type", cells["sub_event_type"])
    relabeled = int((findings.used & mask_of(kind.notna() & kind.ne(kind_given)) & ~derived).sum())
    relabeled_sub = int((findings.used & mask_of(sub_given.notna() & sub.ne(sub_given))).sum())
    for name, n in (("event_type", relabeled), ("sub_event_type", relabeled_sub)):
        if n:
            findings.repairs.append(
                Remark(
                    "{name}: {n} in another spelling, language or codebook read as ACLED's "
                    "present ones",
                    name=name,
                    n=Count(n, "label"),
                )
            )
    return {
        "event_type": kind,
        "sub_event_type": sub,
        "disorder_type": _disorder(cells, kind, sub, findings),
    }


def _disorder(cells: _Cells, kind: pd.Series, sub: pd.Series, findings: Findings) -> pd.Series:
    given = stated(cells["disorder_type"])
    disorder = words(given, lambda text: _DISORDER.get(fold(text)))
    respelled = int(mask_of(disorder.notna() & disorder.ne(given)).sum())
    derived = words(kind, DISORDER_OF.get).fillna(words(sub, DISORDER_OF.get))
    filled = mask_of(disorder.isna() & derived.notna())
    if respelled:
        findings.repairs.append(
            Remark(
                "disorder_type: {n} in another spelling or language read as ACLED's present ones",
                n=Count(respelled, "label"),
            )
        )
    if n := int((filled & findings.used).sum()):
        findings.repairs.append(
            Remark(
                "disorder_type: {n} given the disorder type that follows from event and "
                "sub-event type",
                n=Count(n, "record"),
            )
        )
    return disorder.fillna(derived)


def _targeting(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    """Return whether civilians were the target: blank means no, an absent column "not stated"."""
    if "civilian_targeting" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    given = trimmed(frame["civilian_targeting"])
    labels = {"civilian targeting": True, "civilians targeted": True, "true": True, "1": True}
    labels |= {"ataque a civiles": True, "false": False, "0": False, "na": False, "nan": False}
    claim = mapped(given, lambda text: labels.get(fold(text))).astype("boolean")
    strange = mask_of(given.notna() & claim.isna())
    if strange.any():
        findings.warnings.append(
            Remark(
                "civilian_targeting: {n} with an unknown word, such as {such}; taken as not stated",
                n=Count(int(strange.sum()), "record"),
                such=Example(given[strange].iloc[0]),
            )
        )
    return claim.mask(given.isna(), other=False)


def interaction(text: pd.Series, column: str) -> pd.Series:
    """Return the kinds of actors in words, where a file gives ACLED's numbers.

    Examples
    --------
    >>> interaction(pd.Series(["37", "60", "Rioters only"], dtype="str"), "interaction").tolist()
    ['Political militia-Civilians', 'Protesters only', 'Rioters only']
    >>> interaction(pd.Series(["7", "0"], dtype="str"), "inter1").tolist()
    ['Civilians', nan]
    """

    def word(cell: str) -> str | None:
        number = code(cell)
        if number is None:
            return cell
        if number == 0:
            return None
        if column != "interaction":
            return INTER.get(number, cell)
        first, second = divmod(number, 10)
        if first not in INTER or second not in {0, *INTER}:
            return cell
        return f"{INTER[first]}-{INTER[second]}" if second else f"{INTER[first]} only"

    return words(present(text), word)
