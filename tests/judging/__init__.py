"""Tests of how people are told from machines."""
