"""Sending: ledger, provider and slots are joined so that nobody is mailed twice and nobody lost."""

from newsletter.delivery.claims import Worker
from newsletter.delivery.run import run_send
from newsletter.delivery.session import Clock, Progress, Result, Run

__all__ = [
    "Clock",
    "Progress",
    "Result",
    "Run",
    "Worker",
    "run_send",
]
