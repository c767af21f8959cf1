"""The words of the made-up sample: ACLED's event types, and actors that do not exist.

The pairs of event type and sub-event type are ACLED's 25. Public forces and the collective names
("Civilians (Mexico)") are written as ACLED writes them; every armed group is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MARK = "MADEUP"
"""What every event id of the sample begins with."""

Side = Literal["group", "forces", "civilians", "protesters", "rioters", ""]
Strand = Literal["groups", "forces", "civilians", "rest"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A kind of event: its two words, who takes part, how common and how deadly it is."""

    event_type: str
    sub_event_type: str
    side1: Side
    side2: Side
    weight: float
    deaths: float = 0.0
    targeting: bool = False

    @property
    def strand(self) -> Strand:
        """Return the strand of the planted story that the scene belongs to."""
        if self.targeting:
            return "civilians"
        if self.event_type == "Battles":
            return "forces" if "forces" in (self.side1, self.side2) else "groups"
        return "rest"

    @property
    def disorder_type(self) -> str:
        """Return ACLED's disorder type of the scene."""
        if self.event_type == "Strategic developments":
            return self.event_type
        if self.sub_event_type == "Excessive force against protesters":
            return "Political violence; Demonstrations"
        if self.event_type == "Protests" or self.sub_event_type == "Violent demonstration":
            return "Demonstrations"
        return "Political violence"


_BATTLES = "Battles"
_REMOTE = "Explosions/Remote violence"
_AGAINST = "Violence against civilians"
_PROTESTS = "Protests"
_RIOTS = "Riots"
_STRATEGIC = "Strategic developments"

SCENES = (
    Scene(_BATTLES, "Armed clash", "group", "group", 55, 1.6),
    Scene(_BATTLES, "Armed clash", "forces", "group", 60, 0.9),
    Scene(_BATTLES, "Government regains territory", "forces", "group", 2, 0.5),
    Scene(_BATTLES, "Non-state actor overtakes territory", "group", "group", 1, 1.0),
    Scene(_REMOTE, "Chemical weapon", "group", "group", 0.2),
    Scene(_REMOTE, "Air/drone strike", "group", "forces", 5, 0.2),
    Scene(_REMOTE, "Suicide bomb", "group", "forces", 0.1, 1.0),
    Scene(_REMOTE, "Shelling/artillery/missile attack", "group", "group", 1, 0.3),
    Scene(_REMOTE, "Remote explosive/landmine/IED", "group", "forces", 5, 0.3),
    Scene(_REMOTE, "Grenade", "group", "civilians", 4, 0.3, targeting=True),
    Scene(_AGAINST, "Attack", "group", "civilians", 330, 1.1, targeting=True),
    Scene(_AGAINST, "Abduction/forced disappearance", "group", "civilians", 30, targeting=True),
    Scene(_AGAINST, "Sexual violence", "group", "civilians", 3, targeting=True),
    Scene(_PROTESTS, "Peaceful protest", "protesters", "", 300),
    Scene(_PROTESTS, "Protest with intervention", "protesters", "forces", 8),
    Scene(
        _PROTESTS,
        "Excessive force against protesters",
        "forces",
        "protesters",
        2,
        0.3,
        targeting=True,
    ),
    Scene(_RIOTS, "Violent demonstration", "rioters", "", 25),
    Scene(_RIOTS, "Mob violence", "rioters", "civilians", 20, 0.2, targeting=True),
    Scene(_STRATEGIC, "Looting/property destruction", "group", "", 15),
    Scene(_STRATEGIC, "Disrupted weapons use", "forces", "group", 15),
    Scene(_STRATEGIC, "Arrests", "forces", "group", 8),
    Scene(_STRATEGIC, "Change to group/activity", "group", "", 2),
    Scene(_STRATEGIC, "Agreement", "group", "group", 1),
    Scene(_STRATEGIC, "Headquarters or base established", "forces", "", 1),
    Scene(_STRATEGIC, "Non-violent transfer of territory", "group", "", 0.5),
    Scene(_STRATEGIC, "Other", "group", "", 4),
)
"""Every pair of ACLED's event and sub-event types, armed clashes once for each kind of dyad."""

ACTORS: dict[str, tuple[str, ...]] = {
    "group": (
        "Unidentified Gang (Mexico)",
        "Unidentified Armed Group (Mexico)",
        "Cartel del Ejemplo Norte",
        "Cartel del Ejemplo Sur",
        "Cartel de la Muestra",
        "Los Ficticios",
        "Banda Inventada",
        "Union Imaginaria",
        "Grupo Sin Nombre Cierto",
    ),
    "forces": (
        "Military Forces of Mexico (2018-)",
        "Police Forces of Mexico (2018-) National Guard",
        "Police Forces of Mexico (2018-)",
    ),
    "civilians": ("Civilians (Mexico)",),
    "protesters": ("Protesters (Mexico)",),
    "rioters": ("Rioters (Mexico)",),
    "": ("",),
}

STORY_GROUPS = ("Cartel del Ejemplo Norte: Faccion Una", "Cartel del Ejemplo Norte: Faccion Otra")
"""The two parties of the planted story, one group that splits."""

INTER = {
    "group": "Political militia",
    "forces": "State forces",
    "civilians": "Civilians",
    "protesters": "Protesters",
    "rioters": "Rioters",
    "": "",
}

SENTENCES: dict[str, str] = {
    _BATTLES: "{actor1} clashed with {actor2} in {town} ({area}, {state}). {deaths} reported.",
    _REMOTE: "An explosion linked to {actor1} hit {actor2} near {town} ({area}, {state}).",
    _AGAINST: (
        "{actor1} attacked {actor2} in {town} ({area}, {state}); a niño and a señora saw it "
        "from the plaza. {deaths} reported."
    ),
    _PROTESTS: "{actor1} gathered in {town} ({area}, {state}) to ask for water and «justicia».",
    _RIOTS: "{actor1} broke windows in {town} ({area}, {state}) after a road was closed.",
    _STRATEGIC: "{actor1}: a development without violence in {town} ({area}, {state}), año nuevo.",
}

HOSTILE = (
    "<script>window.hit=1</script>",
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "<svg onload=window.hit=1>",
    "${window.hit=1}",
    "`+(window.hit=1)+`",
    "{{ 7*7 }} {% raw %} {# no #}",
    "<!-- <script> --> ]]> &lt;b&gt; &amp;",
    '<a href="javascript:window.hit=1">here</a>',
    "' OR 1=1; DROP TABLE events; --",
    "\\u003cscript\\u003e \\\\ \u2028 \u202etxt.exe \u200b",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
)
"""Text that must stay text wherever it is shown; put into the notes of some rows."""

FORMULAS = ("=CMD|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", '=HYPERLINK("x","y")')
"""Beginnings that a spreadsheet would run; some notes start with them."""

STATE_FACTOR = {
    "02": 1.9, "06": 2.6, "08": 1.5, "09": 0.9, "11": 2.0, "12": 1.9, "15": 0.6, "16": 1.9,
    "17": 1.7, "20": 1.2, "23": 1.3, "27": 1.2, "31": 0.3, "32": 1.8, "04": 0.5, "29": 0.5,
}  # fmt: skip
"""How much more often than its people would make it a state has events; 1 where not named."""
