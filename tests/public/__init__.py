"""Tests of the public service."""
