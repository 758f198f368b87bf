"""Name what passes between a server and whoever asks it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came over the wire."""

    method: str
    path: str  # whole, the dialect's base included; percent-decoded, without the query
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # looked up in any case
    body: bytes
    target: str = ""  # path and query as they came, for signatures made over them

    def parameters(self, known: set[str] | None = None) -> dict[str, str]:
        """Read the query, the last of each name; raise ValueError for one that is not known."""
        if unknown := self.query.keys() - (self.query.keys() if known is None else known):
            raise ValueError(f"unknown parameter {sorted(unknown)[0]}")
        return {name: values[-1] for name, values in self.query.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Mapping[str, Any], ...] = ()  # lines to journal before `ask`'s answer goes out


def json_reply(status: int, data: object, **headers: str) -> Reply:
    """Answer with JSON."""
    return Reply(status=status, body=json.dumps(data).encode(), headers=headers)
