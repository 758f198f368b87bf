"""The way back: what each provider reports about the mail it accepted."""
