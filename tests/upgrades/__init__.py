"""Tests of templates that follow the package."""
