"""Tests of figures and their reports."""
