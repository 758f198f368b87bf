"""Lets forms in that a stranger's address gets a mail by, other than for signing up."""

import datetime as dt
from dataclasses import replace

from newsletter.consent.gates import Filled, Gate, Limits, Ticket, is_unwanted, mark_of, pass_gate
from newsletter.consent.work_proofs import Bound, take_proof
from newsletter.ledger import Ledger, wishes


def admit_form(
    ledger: Ledger,
    filled: Filled,
    limits: Limits,
    bound: Bound,
    *,
    proof: str,
    secret: str,
    now: dt.datetime,
) -> Ticket:
    """Decide what becomes of a form as signing up does, and count it if mail comes of it.

    An address whose owner said that others type it gets none.
    """
    with ledger.write() as connection:
        if is_unwanted(connection, filled.address, secret):
            return Ticket(gate=Gate.SHUT, due=now)
        is_proved = take_proof(connection, secret, proof, bound, now)
        return pass_gate(
            connection, replace(filled, is_proved=is_proved), limits, secret=secret, now=now
        )


def disown(ledger: Ledger, address: str, *, secret: str, now: dt.datetime) -> None:
    """Take down that it was not the owner of an address who typed it: no form mails there again."""
    with ledger.write() as connection:
        wishes.disown(connection, mark_of(secret, address), now)
