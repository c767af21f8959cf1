"""Where data come in: one module a source, each gives a table that keeps its contract."""
