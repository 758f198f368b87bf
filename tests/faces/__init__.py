"""Newsletters of invented houses, each with a face of its own, and what is asked of them."""
