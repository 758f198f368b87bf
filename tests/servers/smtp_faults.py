"""List what can go wrong in a transaction of SMTP, by the names tests order it by."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong at one point of a transaction."""

    # "tls", "mail", "rcpt", "command" (DATA), "body" (half of it), "content" (the final dot
    # before the message is taken), "accepted" (after) or "answered"
    at: str
    reply: str = ""  # goes out instead of the true one, and nothing is accepted
    resets: bool = False  # the connection is reset
    closes: bool = False  # the connection is closed, after the reply if there is one
    wait: float = 0.0  # seconds


REPLIES = {
    "450-rcpt": "450 4.2.1 Mailbox is busy",
    "550-rcpt": "550 5.1.1 No such user",
    "451-data": "451 4.3.0 Try again later",
    "552-data": "552 5.2.2 Mailbox is full",
    "554-mail": "554 5.7.1 Sender is not welcome",
    "452-mail": "452 4.3.1 Out of space",
    "454-tls": "454 4.7.0 TLS is not available now",
}
PLACES = {"data": "content", "start": "command"}  # as it is ordered, and ours
# Each further kind of fault by its name; the text after a second colon is handed in.
FAULTS: dict[str, Callable[[str], Fault]] = {
    "421": lambda told: Fault(at="mail", reply=f"421 {told or '4.3.2 Going down'}", closes=True),
    "reset-before": lambda _: Fault(at="command", resets=True),
    "reset-during": lambda _: Fault(at="body", resets=True),
    "reset-after": lambda _: Fault(at="accepted", resets=True),
    "drop": lambda _: Fault(at="answered", closes=True),
    "slow": lambda seconds: Fault(at="accepted", wait=float(seconds)),
}


def planned(text: str) -> tuple[str, Fault]:
    """Read N:KIND or N:KIND:DETAIL; KIND may be CODE-PLACE, with the reply's text as its detail.

    454-tls counts STARTTLS commands, all others MAIL commands; `*` stands for every number.
    """
    number, _, fault = text.partition(":")
    kind, _, detail = fault.partition(":")
    coded = re.fullmatch(r"([45]\d\d)-(tls|mail|rcpt|start|data)", kind)
    try:
        if number != "*":
            int(number)
        if not coded:
            return number, FAULTS[kind](detail)
        reply = f"{coded[1]} {detail}" if detail else REPLIES[kind]
        return number, Fault(at=PLACES.get(coded[2], coded[2]), reply=reply)
    except (KeyError, ValueError) as err:
        raise ValueError(f"{text!r} is not N:KIND[:DETAIL]") from err
