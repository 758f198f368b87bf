"""Checks that ask the network: where links lead, and what the sender's domain publishes."""
