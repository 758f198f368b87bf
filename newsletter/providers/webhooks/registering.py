"""Has each provider post to an address, whatever its API calls that.

Facts: the specifications of their APIs, and what the modules beside this one name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol
from urllib.parse import quote

from newsletter.errors import ProviderError
from newsletter.language import Wording, say
from newsletter.providers.webhooks.posted_events import Event, child, words

_BREVO_EVENTS = [
    "delivered",
    "hardBounce",
    "softBounce",
    "blocked",
    "spam",
    "invalid",
    "unsubscribed",
]
_MAILGUN_EVENTS = ("delivered", "permanent_fail", "complained", "unsubscribed")
_MAILJET_EVENTS = ("sent", "bounce", "blocked", "spam", "unsub")
_RESEND_EVENTS = ["delivered", "bounced", "complained", "failed", "suppressed"]
_SENDGRID_EVENTS = (
    "delivered",
    "bounce",
    "dropped",
    "spam_report",
    "unsubscribe",
    "group_unsubscribe",
)
_POSTMARK_STREAM = "broadcast"  # as the adapter has it


class Api(Protocol):
    """An open provider, as far as its webhooks are registered by it."""

    name: Any  # of the provider
    options: Any  # domain and stream, if its paths contain them

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Make one request; raise ProviderError for anything but a 2xx answer."""


class Done(Enum):
    """What became of a registration."""

    MADE = "made"
    RENEWED = "renewed"
    KEPT = "kept"  # it was as it is to be

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _DONE[self]


_DONE = {
    Done.MADE: say("registered"),
    Done.RENEWED: say("renewed"),
    Done.KEPT: say("registered already"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be registered."""

    address: str = field(repr=False)
    word: str = field(repr=False)  # a password besides, where the provider can send one
    counts_opens: bool = False  # opens and clicks are to be told, too

    def is_ours(self, address: Any, provider: str) -> bool:
        """Return whether an address is one of ours, as an earlier registration left it."""
        return f"/w/{provider}/" in str(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What became of it."""

    done: Done
    key: str = field(default="", repr=False)  # that the provider signs with, as far as it says
    left_out: tuple[str, ...] = ()  # kinds of events that another program has for itself


def register_at(api: Any, wanted: Wanted) -> Registered:
    """Have an open provider post to an address, once; raise ProviderError where it refuses."""
    return _HOW[api.name](api, wanted)


def can_register(provider: str) -> bool:
    """Return whether a provider's API takes an address to post to."""
    return provider in _HOW


def _find_ours(
    hooks: Iterable[Mapping[str, Any]], wanted: Wanted, provider: str, *, field_name: str
) -> Mapping[str, Any] | None:
    """Return the registration that is ours, or was before the address changed."""
    ours = [hook for hook in hooks if wanted.is_ours(hook.get(field_name), provider)]
    same = (hook for hook in ours if hook.get(field_name) == wanted.address)
    return next(same, ours[0] if ours else None)


def _register_at_brevo(api: Api, wanted: Wanted) -> Registered:
    """Have Brevo post to our address, with our word as its bearer token."""
    events = [*_BREVO_EVENTS, *(["opened", "click"] if wanted.counts_opens else [])]
    hook = {
        "url": wanted.address,
        "description": "newsletter",
        "events": events,
        "type": "transactional",
        "auth": {"type": "bearer", "token": wanted.word},
    }
    known = _find_ours(_registered(api), wanted, "brevo", field_name="url")
    if known is None:
        api.request("POST", "/webhooks", json=hook)
        return Registered(done=Done.MADE)
    if known["url"] == wanted.address and set(events) <= set(known.get("events") or ()):
        return Registered(done=Done.KEPT)
    changed = {name: value for name, value in hook.items() if name != "type"}
    api.request("PUT", f"/webhooks/{int(known['id'])}", json=changed)
    return Registered(done=Done.RENEWED)


def _registered(api: Api) -> list[Event]:
    """Return the account's webhooks; where it has none, Brevo finds no document."""
    try:
        found = api.request("GET", "/webhooks", params={"type": "transactional"})
    except ProviderError as err:
        if err.status == 404:
            return []
        raise
    rows: list[Event] = found.rows("webhooks")
    return rows


def _register_at_mailgun(api: Api, wanted: Wanted) -> Registered:
    """Have Mailgun post to our address what happens to mail of the domain."""
    domain = quote(api.options.domain, safe="")
    events = [*_MAILGUN_EVENTS, *(("opened", "clicked") if wanted.counts_opens else ())]
    known = api.request("GET", f"/v3/domains/{domain}/webhooks").fields["webhooks"]
    urls = {kind: list((hook or {}).get("urls") or ()) for kind, hook in known.items()}
    mine = {kind for kind, each in urls.items() if wanted.address in each}
    old = {u for each in urls.values() for u in each if wanted.is_ours(u, "mailgun")}
    hook = {"url": wanted.address, "event_types": events}
    done = Done.KEPT
    for address in sorted(old - {wanted.address}):
        api.request("DELETE", f"/v4/domains/{domain}/webhooks", params={"url": address})
        done = Done.RENEWED
    if not set(events) <= mine:
        api.request("PUT" if mine else "POST", f"/v4/domains/{domain}/webhooks", data=hook)
        done = Done.RENEWED if mine or old else Done.MADE
    key = api.request("GET", "/v5/accounts/http_signing_key").fields["http_signing_key"]
    return Registered(done=done, key=words(key))


def _register_at_mailjet(api: Api, wanted: Wanted) -> Registered:
    """Have Mailjet post to our address, kind by kind; of each an account has one address.

    One that another program has is left to it.
    """
    where = "/v3/REST/eventcallbackurl"
    rows = api.request("GET", where, params={"Limit": "100"}).rows("Data")
    known = {str(row.get("EventType")): row for row in rows if not row.get("IsBackup")}
    done, left_out = Done.KEPT, []
    for kind in (*_MAILJET_EVENTS, *(("open", "click") if wanted.counts_opens else ())):
        hook = {"EventType": kind, "Url": wanted.address, "Version": 2, "Status": "alive"}
        row = known.get(kind)
        if row is None:
            api.request("POST", where, json=hook)
            done = Done.MADE if done is Done.KEPT else done
        elif not wanted.is_ours(row.get("Url"), "mailjet"):
            left_out.append(kind)
        elif row.get("Url") != wanted.address or row.get("Status") == "dead":
            api.request("PUT", f"{where}/{int(row['ID'])}", json=hook)
            done = Done.RENEWED
    return Registered(done=done, left_out=tuple(left_out))


def _register_at_postmark(api: Api, wanted: Wanted) -> Registered:
    """Have Postmark post to our address what happens to the stream, with our word as password."""
    stream = api.options.stream or _POSTMARK_STREAM
    opens = {"Enabled": wanted.counts_opens}
    on = {"Enabled": True}
    hook = {
        "Url": wanted.address,
        "MessageStream": stream,
        "HttpAuth": {"Username": "newsletter", "Password": wanted.word},
        "Triggers": {
            "Open": {**opens, "PostFirstOpenOnly": False},
            "Click": opens,
            "Delivery": on,
            "Bounce": {**on, "IncludeContent": False},
            "SpamComplaint": {**on, "IncludeContent": False},
            "SubscriptionChange": on,
        },
    }
    rows = api.request("GET", "/webhooks", params={"MessageStream": stream}).rows("Webhooks")
    known = _find_ours(rows, wanted, "postmark", field_name="Url")
    if known is None:
        api.request("POST", "/webhooks", json=hook)
        return Registered(done=Done.MADE)
    if known["Url"] == wanted.address and _has(child(known, "Triggers"), hook["Triggers"]):
        return Registered(done=Done.KEPT)
    changed = {name: value for name, value in hook.items() if name != "MessageStream"}
    api.request("PUT", f"/webhooks/{int(known['ID'])}", json=changed)
    return Registered(done=Done.RENEWED)


def _has(known: Event, wanted: object) -> bool:
    """Return whether all triggers that are wanted are set."""
    triggers = wanted if isinstance(wanted, dict) else {}
    needed = [name for name, how in triggers.items() if how["Enabled"]]
    return all(child(known, name).get("Enabled") is True for name in needed)


def _register_at_resend(api: Api, wanted: Wanted) -> Registered:
    """Have Resend post to our address; it tells by what key it signs."""
    kinds = [*_RESEND_EVENTS, *(("opened", "clicked") if wanted.counts_opens else ())]
    hook = {"endpoint": wanted.address, "events": [f"email.{kind}" for kind in kinds]}
    rows = api.request("GET", "/webhooks").rows("data")
    known = _find_ours(rows, wanted, "resend", field_name="endpoint")
    if known is None:
        made = api.request("POST", "/webhooks", json=hook).fields
        return Registered(done=Done.MADE, key=words(made["signing_secret"]))
    path = f"/webhooks/{quote(str(known['id']), safe='')}"
    is_same = known["endpoint"] == wanted.address and known.get("status") != "disabled"
    is_same = is_same and set(hook["events"]) <= set(known.get("events") or ())
    if not is_same:
        api.request("PATCH", path, json={**hook, "status": "enabled"})
    key = words(api.request("GET", path).fields.get("signing_secret"))
    return Registered(done=Done.KEPT if is_same else Done.RENEWED, key=key)


def _register_at_sendgrid(api: Api, wanted: Wanted) -> Registered:
    """Have SendGrid post to our address, signed; the key is the public half of its own."""
    where = "/v3/user/webhooks/event/settings"
    opens = dict.fromkeys(("open", "click"), wanted.counts_opens)
    hook = {"enabled": True, "url": wanted.address, "friendly_name": "newsletter"}
    hook |= {
        **dict.fromkeys(_SENDGRID_EVENTS, True),
        **opens,
        "processed": False,
        "deferred": False,
    }
    rows = api.request("GET", f"{where}/all").rows("webhooks")
    known = _find_ours(rows, wanted, "sendgrid", field_name="url")
    done = Done.KEPT
    if known is None:
        id, done = api.request("POST", where, json=hook).fields["id"], Done.MADE
    else:
        id = known["id"]
        if any(known.get(name) != value for name, value in hook.items() if value is not False):
            api.request("PATCH", f"{where}/{quote(str(id), safe='')}", json=hook)
            done = Done.RENEWED
    key = words(known.get("public_key")) if known else ""
    if not key:
        path = f"{where}/signed/{quote(str(id), safe='')}"
        key = words(api.request("PATCH", path, json={"enabled": True}).fields["public_key"])
    return Registered(done=done, key=key)


_HOW: Mapping[str, Callable[[Api, Wanted], Registered]] = {
    "brevo": _register_at_brevo,
    "mailgun": _register_at_mailgun,
    "mailjet": _register_at_mailjet,
    "postmark": _register_at_postmark,
    "resend": _register_at_resend,
    "sendgrid": _register_at_sendgrid,
}
