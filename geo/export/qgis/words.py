"""What the layers, groups and themes of a folder for QGIS are called, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

from geo.render.text import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "layer.events": ("Events", "Eventos"),
    "layer.municipality": ("Municipalities, {period}", "Municipios, {period}"),
    "layer.state": ("States, {period}", "Estados, {period}"),
    "layer.hotspots": ("Hotspots, {period}", "Puntos calientes, {period}"),
    "layer.change.municipality": (
        "Change by municipality: {windows}",
        "Cambio por municipio: {windows}",
    ),
    "layer.change.state": ("Change by state: {windows}", "Cambio por estado: {windows}"),
    "layer.clusters": ("Scan clusters", "Conglomerados del escaneo"),
    "layer.by.municipality": ("Municipalities {by}", "Municipios {by}"),
    "layer.by.state": ("States {by}", "Estados {by}"),
    "layer.density": ("Density of events", "Densidad de eventos"),
    "layer.relative-risk": ("Relative risk", "Riesgo relativo"),
    "layer.change": ("Change of density", "Cambio de densidad"),
    "by.year": ("by year", "por año"),
    "by.quarter": ("by quarter", "por trimestre"),
    "by.month": ("by month", "por mes"),
    "by.week": ("by week", "por semana"),
    "by.acled-week": ("by week (Saturday to Friday)", "por semana (de sábado a viernes)"),
    "group.events": ("Events", "Eventos"),
    "group.states": ("States", "Estados"),
    "group.clusters": ("Scan clusters", "Conglomerados del escaneo"),
    "group.hotspots": ("Hotspots", "Puntos calientes"),
    "group.change": ("Change", "Cambio"),
    "group.time": ("Through time", "En el tiempo"),
    "group.municipalities": ("Municipalities", "Municipios"),
    "group.density": ("Surface", "Superficie"),
    "theme.states": ("{measure} by state", "{measure} por estado"),
    "theme.municipalities": ("{measure} by municipality", "{measure} por municipio"),
    "theme.events": ("Events as points", "Eventos como puntos"),
    "theme.heat": ("Heat map of events", "Mapa de calor de eventos"),
    "theme.clusters": ("Scan clusters", "Conglomerados del escaneo"),
    "theme.density": ("Surface", "Superficie"),
    "theme.time": ("Through time: {layer}", "En el tiempo: {layer}"),
    "style.borders": ("Borders", "Límites"),
    "style.type": ("Event type", "Tipo de evento"),
    "style.heat": ("Heat map", "Mapa de calor"),
    "style.deaths": ("Deaths", "Muertes"),
    "style.outliers": (
        "Clusters and outliers (local Moran)",
        "Agrupaciones y valores atípicos (Moran local)",
    ),
    "style.clusters": ("Chance (p)", "Azar (p)"),
    "style.risk": ("Relative risk", "Riesgo relativo"),
    "style.base": ("Events in the base window", "Eventos en la ventana base"),
    "style.comparison": (
        "Events in the comparison window",
        "Eventos en la ventana de comparación",
    ),
    "class.other": ("Other types", "Otros tipos"),
    "class.noDeath": ("No death", "Sin muertes"),
    "class.notStated": ("Deaths not stated", "Muertes no indicadas"),
    "class.noOutlier": ("Not significant", "No significativo"),
    "class.p01": ("p up to 0.01", "p hasta 0.01"),
    "class.p05": ("p from 0.01 to 0.05", "p de 0.01 a 0.05"),
    "class.chance": ("p above 0.05: may be chance", "p mayor que 0.05: puede ser azar"),
    "class.noTest": ("Not tested", "Sin prueba"),
    "relation": ("{state}: {layer}", "{state}: {layer}"),
    "abstract.events": (
        "Events whose place is known exactly or nearly, one point each; {left_out} others are not "
        "shown. {points}",
        "Eventos cuyo lugar se conoce con exactitud o de cerca, un punto cada uno; otros "
        "{left_out} no se muestran. {points}",
    ),
    "points.coarse": (
        "Points lie on the centers of cells of {km} km, so that no address can be read off them; "
        "events of one cell share a point.",
        "Los puntos están en el centro de celdas de {km} km, para que no se lea de ellos una "
        "dirección; los eventos de una celda comparten el punto.",
    ),
    "points.exact": (
        "Points are where the source has them; its terms may forbid passing them on.",
        "Los puntos están donde los tiene la fuente; sus términos pueden prohibir difundirlos.",
    ),
    "abstract.areas": (
        "{unit}. Shapes are simplified by up to 500 m for drawing: do not assign points with them.",
        "{unit}. Las formas están simplificadas hasta 500 m para el dibujo: no asigne puntos con "
        "ellas.",
    ),
    "abstract.time": (
        "One row an area and a period. Switch on the temporal controller, or filter by period: "
        "all periods lie on top of one another otherwise.",
        "Una fila por área y periodo. Active el controlador temporal, o filtre por periodo: si "
        "no, todos los periodos quedan uno sobre otro.",
    ),
    "abstract.clusters": (
        "Areas that together have more events than expected (Kulldorff's scan); the likeliest has "
        "rank 1.",
        "Áreas que juntas tienen más eventos que los esperados (escaneo de Kulldorff); el más "
        "verosímil tiene el rango 1.",
    ),
}


def word(language: Language, name: str, **fills: object) -> str:
    """Return words in a language, with their slots filled; what fills them is left as it is.

    Examples
    --------
    >>> word("es", "layer.state", period="2024")
    'Estados, 2024'
    """
    said = _WORDS[name][1 if language == "es" else 0]
    parts = said.split("{")
    made = [parts[0]]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        made += [str(fills[slot]), rest]
    return "".join(made)
