"""What an account keeps besides mail: whom it sends nothing, and where it tells what happens.

Each change is journalled: {"suppressed": ...}, {"lifted": ...}, {"hook": ...}.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote

from .exchanges import Reply, Request, json_reply

Answer = Callable[..., object]
KEY = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg"


class Office:
    """The lists of one account."""

    def __init__(self) -> None:
        self.scheme = "http"  # of links to further pages
        self.suppressed: dict[str, str] = {}  # by address, why in the account's own word
        self.hooks: dict[str, dict[str, Any]] = {}  # by their ids

    def routes(self, name: str) -> Mapping[str, Answer]:
        """Return what may be asked of the account of a provider, below its base."""
        return _OF[name](self) if name in _OF else {}

    def add(self, rows: Mapping[str, str], answer: object, status: int = 200) -> Reply:
        """Put addresses onto the list."""
        self.suppressed |= rows
        return noted(answer, status, *({"suppressed": a, "why": w} for a, w in rows.items()))

    def lift(self, address: str, answer: object = None, status: int = 200) -> Reply:
        """Take an address off the list."""
        if self.suppressed.pop(address, None) is None:
            return json_reply(404, {"message": "not there"})
        return noted(answer or {}, status, {"lifted": address})

    def keep(self, id: str, hook: dict[str, Any], answer: object, status: int = 200) -> Reply:
        """Keep where to tell what happens."""
        self.hooks[id] = {**self.hooks.get(id, {}), **hook}
        return noted(answer, status, {"hook": self.hooks[id]})

    def with_own(self, said: object, field: str, row: Callable[[str, str], object]) -> object:
        """Add to a list of those who are gone whom the account was told of."""
        own = [row(address, why) for address, why in self.suppressed.items()]
        if isinstance(said, dict):
            return {**said, field: [*said[field], *own]}
        return [*said, *own] if isinstance(said, list) else said


def noted(answer: object, status: int, *notes: Mapping[str, Any]) -> Reply:
    """Answer with JSON, and journal something."""
    body = b"" if status == 204 else json.dumps(answer).encode()
    return Reply(status=status, body=body, notes=notes)


def _body(request: Request) -> Any:
    return json.loads(request.body)


def _brevo(office: Office) -> Mapping[str, Answer]:
    def blocked(request: Request, _: Sequence[object]) -> object:
        offset = int(request.parameters().get("offset", 0))
        rows = [
            {"email": address, "senderEmail": "", "reason": {"code": why}, "blockedAt": BEFORE}
            for address, why in office.suppressed.items()
        ]
        return {"count": len(rows), "contacts": rows[offset : offset + 100]}

    def hooks(*_: object) -> object:
        rows = [{"id": int(id), **hook} for id, hook in office.hooks.items()]
        return {"webhooks": rows} if rows else json_reply(404, {"code": "document_not_found"})

    def make(request: Request, _: Sequence[object]) -> object:
        return office.keep("9864", _body(request), {"id": 9864}, 201)

    return {
        "GET /v3/smtp/blockedContacts": blocked,
        "DELETE /v3/smtp/blockedContacts/(.+)": lambda _r, _s, who: office.lift(who, status=204),
        "GET /v3/webhooks": hooks,
        "POST /v3/webhooks": make,
        r"PUT /v3/webhooks/(\d+)": lambda r, _, id: office.keep(id, _body(r), {}, 204),
    }


BEFORE = "2026-11-01T08:00:00.000+00:00"


def _mailgun(office: Office) -> Mapping[str, Answer]:
    def listed(request: Request, _: Sequence[object], domain: str, name: str) -> object:
        is_first = "page" not in request.query
        rows = [
            {"address": a, "created_at": BEFORE} for a, w in office.suppressed.items() if w == name
        ]
        following = f"{office.scheme}://{request.headers.get('Host')}/v3/{domain}/{name}?page=next"
        return {"items": rows if is_first else [], "paging": {"next": following}}

    def add(request: Request, _: Sequence[object], _domain: str, name: str) -> object:
        return office.add({row["address"]: name for row in _body(request)}, {"message": "added"})

    def hooks(*_: object) -> object:
        found: dict[str, Any] = {}
        for hook in office.hooks.values():
            for kind in hook["event_types"]:
                found.setdefault(kind, {"urls": []})["urls"].append(hook["url"])
        return {"webhooks": found}

    def make(request: Request, *_: object) -> object:
        fields = parse_qs(request.body.decode())
        hook: dict[str, Any] = {"url": fields["url"][0], "event_types": fields["event_types"]}
        return office.keep(str(hook["url"]), hook, {"webhooks": {}})

    lists = "(bounces|complaints|unsubscribes)"
    return {
        rf"GET /v3/([^/]+)/{lists}": listed,
        rf"POST /v3/([^/]+)/{lists}": add,
        rf"DELETE /v3/([^/]+)/{lists}/(.+)": lambda _r, _s, _d, _n, who: office.lift(who),
        "GET /v3/domains/[^/]+/webhooks": hooks,
        "(?:POST|PUT) /v4/domains/[^/]+/webhooks": make,
        "GET /v5/accounts/http_signing_key": lambda *_: {"http_signing_key": KEY},
    }


def _mailjet(office: Office) -> Mapping[str, Answer]:
    def make(request: Request, _: Sequence[object], id: str = "") -> object:
        hook = _body(request)
        id = id or str(len(office.hooks) + 1)
        return office.keep(id, {**hook, "ID": int(id)}, {"Data": [hook]}, 201)

    return {
        "GET /v3/REST/eventcallbackurl": lambda *_: {"Data": [*office.hooks.values()]},
        "POST /v3/REST/eventcallbackurl": make,
        r"PUT /v3/REST/eventcallbackurl/(\d+)": make,
    }


def _postmark(office: Office) -> Mapping[str, Answer]:
    def add(request: Request, *_: object) -> object:
        rows = {row["EmailAddress"]: "ManualSuppression" for row in _body(request)["Suppressions"]}
        if len(rows) > 50:
            raise ValueError("Suppressions: at most 50")
        if any(address.startswith("refused") for address in rows):
            return json_reply(422, {"ErrorCode": 300, "Message": "Invalid email address"})
        return office.add(rows, {"Suppressions": []})

    def lift(request: Request, *_: object) -> object:
        [row] = _body(request)["Suppressions"]
        answer = {"Suppressions": [{"EmailAddress": row["EmailAddress"], "Status": "Deleted"}]}
        reply = office.lift(row["EmailAddress"], answer)
        return reply if reply.status == 200 else answer

    def make(request: Request, _: Sequence[object], id: str = "1234567") -> object:
        return office.keep(id, {**_body(request), "ID": int(id)}, {"ID": int(id)})

    return {
        "POST /message-streams/[^/]+/suppressions": add,
        "POST /message-streams/[^/]+/suppressions/delete": lift,
        "GET /webhooks": lambda *_: {"Webhooks": [*office.hooks.values()]},
        "POST /webhooks": make,
        r"PUT /webhooks/(\d+)": make,
    }


def _resend(office: Office) -> Mapping[str, Answer]:
    id = "479e3145-dd38-476b-932c-529ceb705947"

    def add(request: Request, *_: object) -> object:
        rows = dict.fromkeys(_body(request)["emails"], "manual")
        return office.add(rows, {"data": []})

    def hook() -> dict[str, Any]:
        return {"id": id, "signing_secret": "whsec_" + KEY, "status": "enabled", **office.hooks[id]}

    return {
        "POST /suppressions/batch/add": add,
        "DELETE /suppressions/(.+)": lambda _r, _s, who: office.lift(unquote(who)),
        "GET /webhooks": lambda *_: {"data": [hook()] if id in office.hooks else []},
        f"GET /webhooks/{id}": lambda *_: hook(),
        "POST /webhooks": lambda r, _: office.keep(
            id, _body(r), {"id": id, "signing_secret": "whsec_" + KEY}, 201
        ),
        f"PATCH /webhooks/{id}": lambda r, _: office.keep(id, _body(r), {"id": id}),
    }


def _sendgrid(office: Office) -> Mapping[str, Answer]:
    id = "77d4a5da-7015-11ed-a1eb-0242ac120002"

    def add(request: Request, *_: object) -> object:
        rows = dict.fromkeys(_body(request)["recipient_emails"], "unsubscribes")
        return office.add(rows, {"recipient_emails": [*rows]}, 201)

    def make(request: Request, *_: object) -> object:
        return office.keep(id, {**_body(request), "id": id}, {"id": id}, 201)

    where = "/v3/user/webhooks/event/settings"
    return {
        "POST /v3/asm/suppressions/global": add,
        "DELETE /v3/asm/suppressions/global/(.+)": lambda _r, _s, who: office.lift(who, status=204),
        "DELETE /v3/suppression/[a-z_]+/(.+)": lambda *_: json_reply(404, {"errors": []}),
        f"GET {where}/all": lambda *_: {"max_allowed": 1, "webhooks": [*office.hooks.values()]},
        f"POST {where}": make,
        f"PATCH {where}/{id}": make,
        f"PATCH {where}/signed/{id}": lambda *_: office.keep(
            id, {"public_key": KEY}, {"id": id, "public_key": KEY}
        ),
    }


def _ses(office: Office) -> Mapping[str, Answer]:
    where = "/v2/email/suppression/addresses"

    def add(request: Request, *_: object) -> object:
        row = _body(request)
        return office.add({row["EmailAddress"]: row["Reason"]}, {})

    return {
        f"PUT {where}": add,
        f"DELETE {where}/(.+)": lambda _r, _s, who: office.lift(who),
    }


_OF: Mapping[str, Callable[[Office], Mapping[str, Answer]]] = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
}
