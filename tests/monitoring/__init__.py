"""Tests of what those who run the program see of it."""
