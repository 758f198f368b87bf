"""The table [mailbox]: where what comes back by mail arrives, and how it is read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from newsletter.addresses import check_address, mail_address
from newsletter.errors import AudienceError
from newsletter.language import say
from newsletter.mailkeys import LETTERS, place_for_key
from newsletter.net import is_loopback
from newsletter.settings.values import OneLine, Table

_LONGEST_LOCAL = 64  # octets: RFC 5321, section 4.5.3.1.1
_PORTS = {"tls": 993, "starttls": 143, "none": 143}


def _address(value: str) -> str:
    try:
        return check_address(value)
    except AudienceError as err:
        raise ValueError(err.words) from err


def _room_for_key(address: str) -> str:
    local = address.rpartition("@")[0]
    if len(local) + 1 + LETTERS > _LONGEST_LOCAL:
        raise ValueError(
            say(
                "the part before the @-sign is too long for a reader's key behind it: at most "
                "{most} characters; take a shorter address, or write plus = false",
                most=_LONGEST_LOCAL - LETTERS - 1,
            )
        )
    if "+" in local:
        raise ValueError(say("write it without a plus sign: the reader's key goes behind one"))
    return address


def _unsubscribe(address: str, info: ValidationInfo) -> str:
    return _room_for_key(address) if info.data.get("plus", True) else address


def _security(value: str, info: ValidationInfo) -> str:
    if value == "none" and not is_loopback(info.data.get("host") or "localhost"):
        raise ValueError(
            say("the password would travel where others can read it: write “starttls” or “tls”")
        )
    return value


Address = Annotated[str, AfterValidator(_address)]


class MailboxTable(Table):
    """[mailbox]: where mails that unsubscribe and bounces arrive, and how they are read."""

    plus: bool = True  # whether mail to name+anything@ arrives at name@
    # Where mails that unsubscribe go; without it, to the address for answers, with no key.
    unsubscribe: Annotated[Address, AfterValidator(_unsubscribe)] | None = None
    # Where bounces go over SMTP; without it, to the sender. It needs a plus.
    bounces: Annotated[Address, AfterValidator(_room_for_key)] | None = None
    host: OneLine | None = None  # of the IMAP server
    security: Annotated[Literal["tls", "starttls", "none"], AfterValidator(_security)] = "tls"
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    username: OneLine | None = None
    folder: OneLine = "INBOX"
    sign_in: Literal["password", "microsoft", "google"] = "password"
    client_id: OneLine | None = None  # of the app that is registered there
    tenant: OneLine = "organizations"  # of Microsoft
    timeout: Annotated[float, Field(gt=0, le=600)] = 30.0  # seconds of silence

    @property
    def leave_to(self) -> str:
        """Return where mails that unsubscribe go, a star for the reader's key; "" if not set."""
        if self.unsubscribe is None:
            return ""
        address = mail_address(self.unsubscribe)
        return place_for_key(address) if self.plus else address

    @property
    def return_to(self) -> str:
        """Return where bounces go, a star for the key of the delivery; "" if not set."""
        return place_for_key(mail_address(self.bounces)) if self.bounces else ""

    @property
    def imap_port(self) -> int:
        """Return the port of the IMAP server."""
        return self.port or _PORTS[self.security]

    @property
    def is_read(self) -> bool:
        """Return whether there is a mailbox to read."""
        return bool(self.host and self.username)
