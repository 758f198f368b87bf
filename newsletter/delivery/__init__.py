"""Sending: ledger, provider and slots are joined so that nobody is mailed twice and nobody lost."""

from newsletter.delivery.claims import Worker
from newsletter.delivery.compose import Composer, batch_size
from newsletter.delivery.run import run_send
from newsletter.delivery.session import Clock, Progress, Result, Run

__all__ = [
    "Clock",
    "Composer",
    "Progress",
    "Result",
    "Run",
    "Worker",
    "batch_size",
    "run_send",
]
