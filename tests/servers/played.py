"""Play a dialect without an account: calls to it, and questions about what was sent."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from .dialect import RefusedError, Reply, Request, Sent, Taken
from .house import dialect_named, key_for, specification


class Played:
    """A dialect and what was sent by it."""

    def __init__(self, name: str, *, with_spec: bool = False, **options: str) -> None:
        spec = specification(name) if with_spec else None
        self.dialect = dialect_named(name)(spec, key_for(name), **options)
        self.sent: list[Sent] = []

    def take(self, *calls: Request) -> Taken:
        """Carry calls out; return what the last came to."""
        for number, call in enumerate(calls, start=1):
            taken = self.dialect.take(call, number)
            at = datetime.now(UTC)
            self.sent += [Sent(mail=mail, at=at, call=number) for mail in taken.mails]
        return taken

    def ask(self, asked: Request) -> Any:
        """Return the answer to a question, from JSON."""
        return told(self.dialect.ask(asked, self.sent))

    def refuses(self, call: Request) -> RefusedError:
        """Return how a call is refused."""
        with pytest.raises(RefusedError) as refusal:
            self.dialect.take(call, 1)
        return refusal.value


def told(reply: Reply) -> Any:
    return json.loads(reply.body)
