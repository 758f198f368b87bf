"""Tests of collecting material from feeds."""
