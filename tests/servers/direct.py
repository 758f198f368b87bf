"""Put an account behind a session of `requests`, without sockets and without waiting."""

import json
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from .account import Manner
from .dialect import Reply, Request
from .faults import Ending
from .house import opened
from .journal import Journal
from .wire import read


class Direct(HTTPAdapter, Journal):
    """Hands each request to the account as it would leave, and its answer back."""

    def __init__(self, name: str, **manner: Any) -> None:
        super().__init__()
        self._written = BytesIO()
        self._account = opened(Manner(name=name, bodies="all", **manner), self._written)

    def journal(self) -> list[dict[str, Any]]:
        """Read every line the account has written."""
        return [json.loads(line) for line in self._written.getvalue().splitlines()]

    def exchange(self, asked: Request) -> Reply:
        """Answer a request; where the answer would be lost, say that the connection was."""
        if not self._account.dialect.is_sending(asked):
            return self._account.look_up(asked)
        number, fault = self._account.next_call()
        reply = self._account.carry_out(asked, number, fault)
        if fault.ending is not Ending.WHOLE:
            raise requests.ConnectionError("Connection reset by peer")
        return reply

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        """Answer what a session asks."""
        host = urlsplit(str(request.url)).netloc
        given = {name: str(value) for name, value in request.headers.items()}
        headers = CaseInsensitiveDict[str]({"Host": host, **given})
        body = request.body.encode() if isinstance(request.body, str) else request.body
        reply = self.exchange(read(str(request.method), request.path_url, headers, body or b""))
        raw = urllib3.HTTPResponse(
            body=BytesIO(reply.body),
            status=reply.status,
            headers={"Content-Type": reply.kind, **reply.headers},
            preload_content=False,
        )
        return self.build_response(request, raw)
