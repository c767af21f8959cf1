"""Tables in, a table out: the steps of a study."""
