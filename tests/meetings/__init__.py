"""Who has which place at a meeting."""
