"""Tests of reading and comparing lists of people."""
