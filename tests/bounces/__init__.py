"""Tests of what refusals mean."""
