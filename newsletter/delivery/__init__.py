"""Sending: joins ledger, provider and slots so that nobody is mailed twice and nobody is lost."""

from newsletter.delivery.claims import Worker
from newsletter.delivery.run import run_send
from newsletter.delivery.session import Clock, Progress, Run

__all__ = [
    "Clock",
    "Progress",
    "Run",
    "Worker",
    "run_send",
]
