"""Sending: ledger, provider and slots are joined so that nobody is mailed twice and nobody lost."""

from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer, Stationery
from newsletter.delivery.run import Clock, Progress, Result, run_send

__all__ = ["Clock", "Composer", "Progress", "Result", "Stationery", "Worker", "run_send"]
