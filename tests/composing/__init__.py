"""Tests of how calls and messages are composed."""
