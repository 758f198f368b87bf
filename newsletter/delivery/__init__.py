"""Sending: ledger, provider and slots are joined so that nobody is mailed twice and nobody lost."""

from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer, Stationery
from newsletter.delivery.run import finish, run_send
from newsletter.delivery.session import Clock, Progress, Result

__all__ = ["Clock", "Composer", "Progress", "Result", "Stationery", "Worker", "finish", "run_send"]
