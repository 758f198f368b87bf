"""Broken things over every border: none may end in a traceback, a hang or a crash."""
