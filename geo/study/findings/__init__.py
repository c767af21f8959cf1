"""What a study finds, as numbers with their sentences, in the order a reader needs them."""

from geo.study.findings.finding import Finding, findings_table

__all__ = ["Finding", "findings_table"]
