"""What is said of a change beside its ratio: the difference, other models, months that follow."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

DIFFERENCE = Phrase(
    "difference {difference:+.2f} per 100,000 person-years, 95 % interval {exact} (exact limits "
    "combined, for independent events)",
    "diferencia de {difference:+.2f} por 100,000 personas-año, intervalo de 95 % {exact} (límites "
    "exactos combinados, para eventos independientes)",
)
DIFFERENCE_BOTH = Phrase(
    "difference {difference:+.2f} per 100,000 person-years, 95 % interval {quasi} (as dispersed as "
    "the months) and {exact} (independent events)",
    "diferencia de {difference:+.2f} por 100,000 personas-año, intervalo de 95 % {quasi} (con la "
    "dispersión de los meses) y {exact} (eventos independientes)",
)
NEGATIVE_BINOMIAL = Phrase(
    "negative binomial {ratio} times, 95 % interval {low}-{high} (alpha {alpha:.2f})",
    "binomial negativa {ratio} veces, intervalo de 95 % {low}-{high} (alfa {alpha:.2f})",
)
NEWEY_WEST = Phrase(
    "Newey-West 95 % interval {low}-{high} (months up to {lag} apart correlated)",
    "intervalo de 95 % de Newey-West {low}-{high} (meses correlacionados hasta con {lag} de "
    "distancia)",
)
NO_MODEL = Phrase(
    "no {method} interval: too few months, or a window without events",
    "sin intervalo {method}: muy pocos meses, o una ventana sin eventos",
)
CORRELATION = Phrase(
    "correlation of neighboring months {correlation:.2f}",
    "correlación entre meses vecinos {correlation:.2f}",
)
CORRELATED = Phrase(
    "correlation of neighboring months {correlation:.2f}: above 0.3, so the quasi-Poisson interval "
    "is too narrow{cure}",
    "correlación entre meses vecinos {correlation:.2f}: mayor que 0.3, así que el intervalo "
    "cuasi-Poisson es demasiado estrecho{cure}",
)
CURE = Phrase(
    "; Newey-West allows for it (--method newey-west)",
    "; Newey-West lo toma en cuenta (--method newey-west)",
)
METHODS = {
    "negative-binomial": Phrase("negative binomial", "de binomial negativa"),
    "newey-west": Phrase("Newey-West", "de Newey-West"),
}
