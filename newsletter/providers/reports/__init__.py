"""The way back: what each provider tells of mail that it took, by its own reports."""
