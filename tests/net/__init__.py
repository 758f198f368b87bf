"""Tests of how strangers are asked."""
