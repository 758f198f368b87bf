"""Tells people from machines: how somebody asks, by rules with a date -> who it likely was."""

from newsletter.judging.asked_for import Asked, asked_of
from newsletter.judging.bursts import Bursts
from newsletter.judging.rulebook import Judgement, Rulebook, shipped

__all__ = ["Asked", "Bursts", "Judgement", "Rulebook", "asked_of", "shipped"]
