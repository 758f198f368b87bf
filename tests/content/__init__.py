"""Tests of the way from issue files to issues."""
