"""The way back by webhook."""
