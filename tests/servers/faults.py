"""List what can go wrong with a sending call, by the names tests order it by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto

from .dialect import Dialect, Reply


class Ending(Enum):
    """How an answer leaves."""

    WHOLE = auto()
    CUT = auto()  # half the body, and a Content-Length that fits it
    BROKEN = auto()  # half the body after the true Content-Length, then a reset
    RESET = auto()  # a reset instead of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one sending call; by default nothing does."""

    name: str = ""  # as it is ordered; "" for a call that goes well
    reads: float = 1.0  # the share of the body that is read; below 1 a reset follows
    accepts: bool = True  # whether the call is carried out and journalled
    error: str = ""  # the dialect's error that goes out instead of the true answer
    reply: Reply | None = None  # goes out instead of the true answer
    body: bytes | None = None  # the true answer's body is replaced by this
    headers: Callable[[], Mapping[str, str]] = field(default=dict)  # added to the answer's
    ending: Ending = Ending.WHOLE
    wait_before: float = 0.0  # seconds between reading and accepting
    wait_after: float = 0.0  # seconds between accepting and answering
    drip: float = 0.0  # seconds over which the answer's body is written, byte by byte

    def answer(self, taken: Reply | None, dialect: Dialect) -> Reply:
        """Turn what the call came to into what its sender is told."""
        reply = self.reply or (dialect.error(self.error) if self.error else taken)
        if reply is None:
            reply = dialect.error("500")
        body = reply.body if self.body is None else self.body
        return replace(reply, body=body, headers={**reply.headers, **self.headers()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A fault and the sending calls it hits, numbered from 1."""

    first: int
    last: float  # may be endless
    fault: Fault


PAGE = Reply(status=200, body=b"<!DOCTYPE html><title>Sign in</title>", kind="text/html")


def refusing(error: str) -> Callable[[str], Fault]:
    """Refuse with an error; a detail is sent as Retry-After."""
    return lambda after: Fault(
        accepts=False, error=error, headers=lambda: {"Retry-After": after} if after else {}
    )


def refusing_until(seconds: str) -> Fault:
    """Answer 429 with a Retry-After that is a date."""
    wait = timedelta(seconds=float(seconds))
    return Fault(
        accepts=False,
        error="429",
        headers=lambda: {"Retry-After": format_datetime(datetime.now(UTC) + wait, usegmt=True)},
    )


def moved(where: str) -> Fault:
    """Redirect; by default to a path of this server, so that who follows it is journalled."""
    headers = {"Location": where or "/elsewhere"}
    return Fault(
        accepts=False, reply=Reply(status=302, body=b"", kind="text/html", headers=headers)
    )


# Each kind by its name; the text after a second colon is handed in.
FAULTS: dict[str, Callable[[str], Fault]] = {
    **{kind: refusing(kind) for kind in ("401", "402", "403", "404", "413", "429", "400-invalid")},
    "429-date": refusing_until,
    "500-before": refusing("500"),
    "500-after": lambda _: Fault(error="500"),
    "503-before": refusing("503"),
    "503-after": lambda _: Fault(error="503"),
    "reset-before": lambda _: Fault(reads=0, accepts=False),
    "reset-during": lambda _: Fault(reads=0.5, accepts=False),
    "reset-after": lambda _: Fault(ending=Ending.RESET),
    "reset-answer": lambda _: Fault(ending=Ending.BROKEN),
    "timeout-before": lambda seconds: Fault(
        accepts=False, wait_before=float(seconds), ending=Ending.RESET
    ),
    "slow-before": lambda seconds: Fault(wait_before=float(seconds)),
    "slow": lambda seconds: Fault(wait_after=float(seconds)),
    "drip": lambda seconds: Fault(drip=float(seconds)),
    "html": lambda _: Fault(accepts=False, reply=PAGE),
    "html-after": lambda _: Fault(reply=PAGE),
    "truncated": lambda _: Fault(ending=Ending.CUT),
    "wrong": lambda json: Fault(body=(json or "[1, 2]").encode()),
    "redirect": moved,
}


def planned(text: str) -> Planned:
    """Read WHICH:KIND or WHICH:KIND:DETAIL, where WHICH is N, N+ (and all later ones) or *."""
    which, _, name = text.partition(":")
    kind, _, detail = name.partition(":")
    try:
        first = 1 if which == "*" else int(which.removesuffix("+"))
        last = float("inf") if which.endswith(("+", "*")) else first
        return Planned(first=first, last=last, fault=replace(FAULTS[kind](detail), name=name))
    except (KeyError, ValueError) as err:
        raise ValueError(f"{text!r} is not N:KIND, N+:KIND or *:KIND") from err
