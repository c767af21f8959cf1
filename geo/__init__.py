"""From conflict and crime events in Mexico to rates, hotspots and maps."""

__version__ = "0.1.0"
