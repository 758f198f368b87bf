"""Tests of the checks that ask the network."""
