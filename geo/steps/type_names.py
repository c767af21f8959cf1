"""Types of events and of disorder of ACLED and UCDP in Spanish; other words stay as they are."""

from __future__ import annotations

TYPE_NAMES: dict[str, str] = {
    # event types
    "Battles": "Enfrentamientos",
    "Explosions/Remote violence": "Explosiones/violencia remota",
    "Violence against civilians": "Violencia contra civiles",
    "Protests": "Protestas",
    "Riots": "Disturbios",
    "Strategic developments": "Acontecimientos estratégicos",
    # UCDP's types of violence
    "State-based conflict": "Conflicto con participación estatal",
    "Non-state conflict": "Conflicto no estatal",
    "One-sided violence": "Violencia unilateral",
    # sub-event types
    "Government regains territory": "El gobierno recupera territorio",
    "Non-state actor overtakes territory": "Actor no estatal toma territorio",
    "Armed clash": "Enfrentamiento armado",
    "Chemical weapon": "Arma química",
    "Air/drone strike": "Ataque aéreo/con drones",
    "Suicide bomb": "Atentado suicida",
    "Shelling/artillery/missile attack": "Bombardeo/artillería/ataque con misiles",
    "Remote explosive/landmine/IED": "Explosivo remoto/mina terrestre/artefacto improvisado",
    "Grenade": "Granada",
    "Sexual violence": "Violencia sexual",
    "Attack": "Ataque",
    "Abduction/forced disappearance": "Secuestro/desaparición forzada",
    "Peaceful protest": "Protesta pacífica",
    "Protest with intervention": "Protesta con intervención",
    "Excessive force against protesters": "Fuerza excesiva contra manifestantes",
    "Violent demonstration": "Manifestación violenta",
    "Mob violence": "Violencia de turba",
    "Agreement": "Acuerdo",
    "Arrests": "Arrestos",
    "Change to group/activity": "Cambio de grupo/actividad",
    "Disrupted weapons use": "Uso de armas impedido",
    "Headquarters or base established": "Establecimiento de sede o base",
    "Looting/property destruction": "Saqueo/destrucción de propiedad",
    "Non-violent transfer of territory": "Transferencia no violenta de territorio",
    "Other": "Otro",
    # disorder types
    "Political violence": "Violencia política",
    "Demonstrations": "Manifestaciones",
    "Political violence; Demonstrations": "Violencia política; Manifestaciones",
}
