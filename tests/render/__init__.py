"""Tests of the way from issues to editions and messages."""
