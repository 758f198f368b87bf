"""Attacks on what the program makes and serves, each tried as an attacker would.

Others stand beside what they are about: `docs/security.md` has the table of all.
"""
