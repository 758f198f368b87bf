"""Tests of what is handed out: the wheel, the source, and what builds and runs them."""
