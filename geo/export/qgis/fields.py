"""The columns of the layers: name in the file, and what people read of it in their language."""

from __future__ import annotations

from geo.export.qgis.parts import Field, Kind
from geo.render.text import Language

_ROWS: tuple[tuple[str, Kind, int | None, str, str, str, str], ...] = (
    ("cvegeo", "text", None, "CVEGEO", "CVEGEO",
     "INEGI's code: 2 digits a state, 5 a municipality",
     "Clave del INEGI: 2 dígitos un estado, 5 un municipio"),
    ("name", "text", None, "Name", "Nombre", "Official name", "Nombre oficial"),
    ("state_name", "text", None, "State", "Estado", "Name of the state", "Nombre del estado"),
    ("asked", "text", None, "Asked for", "Consultada",
     "Whether the query asks for the area: whole, part (a part of it, or some days), not_asked "
     "(numbers of events are empty: nothing is known)",
     "Si la consulta abarca el área: whole (completa), part (una parte de ella, o algunos días), "
     "not_asked (no consultada: los números de eventos están vacíos, nada se sabe)"),
    ("area_km2", "number", 1, "Area (km²)", "Superficie (km²)",
     "Area on the ellipsoid, at full resolution", "Superficie en el elipsoide, a resolución plena"),
    ("period", "text", None, "Period", "Periodo", "Label of the period", "Etiqueta del periodo"),
    ("start", "date", None, "First day", "Primer día",
     "First day of the period", "Primer día del periodo"),
    ("end", "date", None, "Last day", "Último día",
     "Last second of the period", "Último segundo del periodo"),
    ("complete", "claim", None, "Complete", "Completo",
     "The data cover the whole period", "Los datos cubren todo el periodo"),
    ("events", "integer", None, "Events", "Eventos", "Number of events", "Número de eventos"),
    ("fatalities", "integer", None, "Deaths", "Muertes",
     "Deaths, where the source states a number", "Muertes, donde la fuente da un número"),
    ("population", "number", 0, "Population", "Población",
     "People, mean over the period", "Personas, media del periodo"),
    ("exposure", "number", 1, "Person-years", "Personas-año",
     "Population times the length of the period in years",
     "Población por la duración del periodo en años"),
    ("crude_rate", "number", 3, "Rate per 100,000", "Tasa por 100 mil hab.",
     "Events per 100,000 person-years", "Eventos por 100,000 personas-año"),
    ("rate_low", "number", 3, "Rate, lower 95 % limit", "Tasa, límite inferior de 95 %",
     "Lower limit of the interval of the rate", "Límite inferior del intervalo de la tasa"),
    ("rate_high", "number", 3, "Rate, upper 95 % limit", "Tasa, límite superior de 95 %",
     "Upper limit of the interval of the rate", "Límite superior del intervalo de la tasa"),
    ("eb_rate", "number", 3, "Smoothed rate", "Tasa suavizada",
     "Rate drawn toward the overall rate (empirical Bayes)",
     "Tasa acercada a la tasa general (Bayes empírico)"),
    ("few_events", "claim", None, "Few events", "Pocos eventos",
     "At least one, but fewer than 20 events or 10,000 people: the rate is uncertain",
     "Al menos uno, pero menos de 20 eventos o de 10,000 personas: la tasa es incierta"),
    ("value", "number", 3, "Value tested", "Valor probado",
     "What was tested: the smoothed rate", "Lo que se probó: la tasa suavizada"),
    ("gi_star", "number", 3, "Gi* (z)", "Gi* (z)",
     "Getis-Ord Gi* as a z-score", "Gi* de Getis-Ord como puntuación z"),
    ("p_value", "number", 4, "p", "p", "Two-sided p", "p de dos colas"),
    ("q_value", "number", 4, "q (FDR)", "q (FDR)",
     "p adjusted for testing all areas at once", "p ajustado por probar todas las áreas a la vez"),
    ("gi_bin", "integer", None, "Gi* bin", "Clase Gi*",
     "-3 to 3: cold or hot at 99, 95, 90 %; empty: not tested",
     "-3 a 3: frío o caliente al 99, 95, 90 %; vacío: sin prueba"),
    ("gi_class", "text", None, "Hotspot class", "Clase de punto caliente",
     "The bin in a word", "La clase en una palabra"),
    ("outlier_class", "text", None, "Local Moran", "Moran local",
     "Area and neighbors high (H) or low (L), q up to 0.05",
     "Área y vecinas altas (H) o bajas (L), q hasta 0.05"),
    ("outlier_q", "number", 4, "Outlier, q (FDR)", "Valor atípico, q (FDR)",
     "q of local Moran's I", "q de la I de Moran local"),
    ("emerging", "text", None, "Emerging hotspot", "Punto caliente emergente",
     "How hot and cold periods follow one another",
     "Cómo se siguen los periodos calientes y fríos"),
    ("base_events", "integer", None, "Events in the base", "Eventos en la base",
     "Events in the base window", "Eventos en la ventana base"),
    ("comparison_events", "integer", None, "Events in the comparison", "Eventos en la comparación",
     "Events in the comparison window", "Eventos en la ventana de comparación"),
    ("base_rate", "number", 3, "Rate in the base", "Tasa en la base",
     "Events per 100,000 person-years", "Eventos por 100,000 personas-año"),
    ("comparison_rate", "number", 3, "Rate in the comparison", "Tasa en la comparación",
     "Events per 100,000 person-years", "Eventos por 100,000 personas-año"),
    ("rate_ratio", "number", 3, "Ratio of the rates", "Razón de tasas",
     "Comparison over base; empty without an event in the base, or in both",
     "Comparación entre base; vacía sin eventos en la base, o en ambas"),
    ("ratio_low", "number", 3, "Ratio, lower 95 % limit", "Razón, límite inferior de 95 %",
     "Exact lower limit, for independent events", "Límite inferior exacto, eventos independientes"),
    ("ratio_high", "number", 3, "Ratio, upper 95 % limit", "Razón, límite superior de 95 %",
     "Exact upper limit; empty where infinite", "Límite superior exacto; vacío si es infinito"),
    ("quasi_low", "number", 3, "Ratio, lower limit by month", "Razón, límite inferior por mes",
     "Quasi-Poisson on monthly counts", "Cuasi-Poisson sobre conteos mensuales"),
    ("quasi_high", "number", 3, "Ratio, upper limit by month", "Razón, límite superior por mes",
     "Quasi-Poisson on monthly counts", "Cuasi-Poisson sobre conteos mensuales"),
    ("reliable", "claim", None, "Enough events", "Eventos suficientes",
     "At least 20 events in both windows and 10,000 people",
     "Al menos 20 eventos en ambas ventanas y 10,000 personas"),
    ("change_class", "text", None, "Class of change", "Clase de cambio",
     "Class of the ratio, by its upper bound; too_few: fewer than 5 events",
     "Clase de la razón, por su límite superior; too_few: menos de 5 eventos"),
    ("date", "date", None, "Date", "Fecha", "Day of the event", "Día del evento"),
    ("event_type", "text", None, "Event type", "Tipo de evento",
     "As the source has it", "Como lo tiene la fuente"),
    ("type_class", "text", None, "Type in the legend", "Tipo en la leyenda",
     "The type, or 'other' where the legend joins rare ones",
     "El tipo, o 'other' donde la leyenda junta los raros"),
    ("sub_event_type", "text", None, "Sub-event type", "Subtipo de evento",
     "As the source has it", "Como lo tiene la fuente"),
    ("death_class", "text", None, "Class of deaths", "Clase de muertes",
     "Class of the number of deaths", "Clase del número de muertes"),
    ("civilian_targeting", "claim", None, "Civilian targeting", "Ataque a civiles",
     "Civilians were the main target; empty: not stated",
     "Los civiles fueron el objetivo; vacío: no indicado"),
    ("geo_precision", "text", None, "Precision of the place", "Precisión del lugar",
     "How well the place is known", "Qué tan bien se conoce el lugar"),
    ("time_precision", "text", None, "Precision of the date", "Precisión de la fecha",
     "How well the day is known", "Qué tan bien se conoce el día"),
    ("municipality", "text", None, "Municipality", "Municipio",
     "That the event counts for", "Para el que cuenta el evento"),
    ("state", "text", None, "State", "Estado",
     "That the event counts for", "Para el que cuenta el evento"),
    ("event_id", "text", None, "Event id", "Id del evento",
     "As the source has it", "Como lo tiene la fuente"),
    ("actor1", "text", None, "Actor 1", "Actor 1",
     "As the source has it", "Como lo tiene la fuente"),
    ("actor2", "text", None, "Actor 2", "Actor 2",
     "As the source has it", "Como lo tiene la fuente"),
    ("share_limit", "number", 2, "Largest share", "Porción máxima",
     "Most of the population that a cluster may hold",
     "Parte máxima de la población en un conglomerado"),
    ("rank", "integer", None, "Rank", "Rango",
     "1 is the likeliest cluster", "1 es el conglomerado más verosímil"),
    ("areas", "integer", None, "Areas", "Áreas", "Number of areas", "Número de áreas"),
    ("first", "text", None, "First period", "Primer periodo",
     "Label of the first period", "Etiqueta del primer periodo"),
    ("last", "text", None, "Last period", "Último periodo",
     "Label of the last period", "Etiqueta del último periodo"),
    ("observed", "integer", None, "Events", "Eventos",
     "Events in the cluster", "Eventos en el conglomerado"),
    ("expected", "number", 2, "Expected", "Esperados",
     "Events expected there", "Eventos esperados ahí"),
    ("relative_risk", "number", 2, "Relative risk", "Riesgo relativo",
     "Observed over expected, inside over outside", "Observados entre esperados, dentro y fuera"),
    ("llr", "number", 2, "Log likelihood ratio", "Log. de la razón de verosimilitud",
     "Kulldorff's", "De Kulldorff"),
    ("p_dispersed", "number", 4, "p, overdispersed", "p, sobredispersión",
     "p of the ratio divided by the dispersion", "p de la razón dividida entre la dispersión"),
    ("p_class", "text", None, "Class of p", "Clase de p",
     "Class of p (overdispersed, where known)", "Clase de p (con sobredispersión, si se conoce)"),
)  # fmt: skip


def field(name: str, language: Language) -> Field:
    """Return a column by its name.

    Examples
    --------
    >>> field("crude_rate", "es").alias
    'Tasa por 100 mil hab.'
    """
    kind, decimals, *said = _KNOWN[name]
    spanish = language == "es"
    return Field(name, kind, said[1 if spanish else 0], said[3 if spanish else 2], decimals)


def fields(names: tuple[str, ...], language: Language) -> tuple[Field, ...]:
    """Return columns by their names."""
    return tuple(field(name, language) for name in names)


_KNOWN = {row[0]: row[1:] for row in _ROWS}
