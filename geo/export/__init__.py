"""Results as files for tables and other tools."""
