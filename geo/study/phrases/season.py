"""What is said of months of the year."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

SEASON = Phrase(
    "{name}, {events:event|events} in {months} complete months, {first} to {last}: {verdict} (p = "
    "{p:.3f}, the largest of F beside years {years:.3f}, F beside a steady growth {linear:.3f} "
    "and Friedman {ranks:.3f}); highest {high}, lowest {low}, against the mean month "
    "(quasi-Poisson, dispersion {dispersion:.1f}); months of the year take {explained:.0f} % of "
    "the variation within years, {chance:.0f} % if by chance alone",
    "{name}, {events:evento|eventos} en {months:mes completo|meses completos}, de {first} a "
    "{last}: {verdict} (p = {p:.3f}, la mayor de F junto a los años {years:.3f}, F junto a un "
    "crecimiento constante {linear:.3f} y Friedman {ranks:.3f}); el más alto, {high}, el más bajo, "
    "{low}, respecto del mes medio (cuasi-Poisson, dispersión {dispersion:.1f}); los meses del año "
    "explican {explained:.0f} % de la variación dentro de los años, {chance:.0f} % si fuera solo "
    "azar",
)
NOT_DEFINED = Phrase(
    "{name}, {events:event|events} in {months} complete months, {first} to {last}: too few to "
    "tell a season; a month of the year has no event, or fewer than three years have any",
    "{name}, {events:evento|eventos} en {months:mes completo|meses completos}, de {first} a "
    "{last}: muy pocos para ver una estacionalidad; algún mes del año no tiene ningún evento, o "
    "menos de tres años los tienen",
)
MONTH = Phrase(
    "{month} {ratio:.2f} times (95 % interval {low:.2f}-{high:.2f})",
    "{month} {ratio:.2f} veces (intervalo de 95 % {low:.2f}-{high:.2f})",
)
IS_SEASON = Phrase(
    "a season that comes back every year", "una estacionalidad que se repite cada año"
)
NO_SEASON = Phrase(
    "no season that can be told from chance, growth or a single year",
    "ninguna estacionalidad que se distinga del azar, del crecimiento o de un solo año",
)
MONTHS = {
    1: Phrase("January", "enero"),
    2: Phrase("February", "febrero"),
    3: Phrase("March", "marzo"),
    4: Phrase("April", "abril"),
    5: Phrase("May", "mayo"),
    6: Phrase("June", "junio"),
    7: Phrase("July", "julio"),
    8: Phrase("August", "agosto"),
    9: Phrase("September", "septiembre"),
    10: Phrase("October", "octubre"),
    11: Phrase("November", "noviembre"),
    12: Phrase("December", "diciembre"),
}
