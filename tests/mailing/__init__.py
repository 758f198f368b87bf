"""Tests of what sending decides."""
