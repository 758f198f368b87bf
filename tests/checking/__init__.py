"""Tests of what is checked before an issue is mailed."""
