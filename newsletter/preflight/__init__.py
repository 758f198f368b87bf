"""Checks an issue as it will be mailed and reports findings; no finding is an exception."""

from newsletter.preflight.checks import Audience, Draft, check_draft

__all__ = ["Audience", "Draft", "check_draft"]
