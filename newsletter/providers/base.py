"""What every provider has: its capabilities, the calls it takes, the outcomes it returns."""

import datetime as dt
import json
import re
from abc import ABC, abstractmethod
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Literal

from newsletter.language import Wording, say
from newsletter.masking import mask
from newsletter.model import (
    Call,
    Copy,
    Departure,
    Figures,
    Form,
    Letter,
    Outcome,
    Part,
    Return,
    ReturnKind,
    State,
    read_message,
)
from newsletter.model.enclosures import Carried, type_by_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSyntax:
    """How a provider's own template language writes a placeholder, and what it would misread."""

    before: str = ""
    after: str = ""
    hazard: re.Pattern[str] | None = None  # one character that may begin its syntax, in context
    hazards: Mapping[str, str] = field(default_factory=dict)  # that character -> a placeholder

    def placeholder(self, name: str) -> str:
        """Return the placeholder for a value."""
        return f"{self.before}{name}{self.after}"

    def protect(self, text: str) -> str:
        """Return text that the provider's template language leaves as it is."""
        if self.hazard is None:
            return text
        return self.hazard.sub(lambda found: self.placeholder(self.hazards[found[0]]), text)

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return a text with each placeholder replaced by its value."""
        pattern = rf"{re.escape(self.before)}(\w+){re.escape(self.after)}"
        return re.sub(pattern, lambda found: values[found[1]], text)


class Carries(StrEnum):
    """How a provider carries what a mail encloses."""

    WHOLE = "whole"  # an invitation as a part of the mail itself, and as a file
    TYPED = "typed"  # as files whose type we name, with the method of an invitation
    FILES = "files"  # as files whose type it makes of their names: they cannot invite

    @property
    def words(self) -> Wording:
        """Return what that means for mails about meetings."""
        return _CARRIED[self]


_CARRIED = {
    Carries.WHOLE: say("mails about meetings have invitations that calendars change in place"),
    Carries.TYPED: say("mails about meetings have invitations as files, as most calendars take"),
    Carries.FILES: say(
        "it carries no invitations: mails about meetings have a file to add to the calendar by "
        "hand, and the link to cancel"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do; an issue that needs more is refused before sending."""

    batch_size: int  # recipients per call
    batch_bytes: int = 0  # bytes of the body of one call; 0 means no limit
    entry_bytes: int = 0  # bytes of all recipients' parts of one call; 0 means no limit
    merge: MergeSyntax | None = None  # fills the placeholders itself; None: we fill them
    concurrency: int = 1  # concurrent calls by default
    rate: float = 0  # recipients a second by default; 0 means no limit of ours
    idempotency_window: float = 0  # seconds in which a repeated call is not sent twice
    look_up: bool = False  # can say afterwards which messages of a call it accepted
    look_up_settles: float = 0  # seconds after which a message it does not know was not accepted
    schedule: dt.timedelta | None = None  # how far ahead it accepts mail, and can cancel it
    inline_pictures: bool = False  # carries pictures inside the mail
    carries: Carries = Carries.FILES  # how it carries what a mail encloses
    encloses_alone: bool = False  # takes mail that encloses something one by one only
    own_unsubscribe: bool = True  # leaves our List-Unsubscribe headers as they are
    tracking_switch: bool = False  # opens and clicks can be switched off for each message
    statistics: bool = False  # reports figures per tag
    # What readers do with mail that it lists one by one, with all that tells who it was.
    lists: frozenset[ReturnKind] = frozenset()
    departures: bool = False  # reports the addresses that bounced, complained or left
    suppressions: bool = False  # lists all to whom it sends nothing, and takes some off that list
    is_told: int = 0  # addresses that its list takes in one call; 0: it takes none
    mails: bool = True  # False: it only writes down what would be sent, so a send is a rehearsal

    @property
    def invites(self) -> bool:
        """Return whether mail programs take what a mail encloses for an invitation."""
        return self.carries is not Carries.FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What an account answers when it is asked whether it knows the key, and nothing else."""

    caveats: tuple[Wording, ...] = ()  # what keeps it from mailing readers, each with its cure
    at: dt.datetime | None = None  # the time by its clock, where it tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an adapter may need to be opened; each takes what it needs."""

    folder: Path  # of the local outbox
    language: str = "en"  # of the page that lists what is in it
    base_url: str = ""  # replaces the API's own root
    api_key: str = field(default="", repr=False)
    domain: str = ""  # the sending domain, if the API's paths contain it
    region: str = ""  # where the account lives, such as "eu"
    stream: str = ""  # message stream or configuration set
    track_opens: bool = True  # whether opens and clicks may be tracked at all
    host: str = ""  # these five of an SMTP server
    port: int = 0
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60.0  # seconds of silence after which a call is given up


class Provider(ABC):
    """An adapter. It is open until closed, and used by one thread at a time.

    Of what can be asked after `send`, it has what its capabilities declare. Whoever asks looks
    there first: the rest raises NotImplementedError, which is a fault of the program.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    secret: ClassVar[str] = ""  # environment variable of its key; empty if it needs none
    needs: ClassVar[tuple[str, ...]] = ()  # settings of [provider] that it requires
    tells: ClassVar[frozenset[str]] = frozenset()  # fields of Figures that its report may fill
    counts_days: ClassVar[bool] = True  # False: its sums are until now, whatever days are asked for

    @abstractmethod
    def __init__(self, options: Options) -> None: ...

    @classmethod
    def form(cls, letter: Letter, options: Options) -> Form | None:
        """Write the body of its calls, once for each edition; None: it takes whole messages."""
        del letter, options
        return None

    @classmethod
    def read_back(cls, call: Call) -> tuple[Copy, ...]:
        """Return what each reader gets of a call, filled in as the provider does it."""
        return tuple(read_message(message.mime, message.address) for message in call.messages)

    def greet(self) -> Greeting:
        """Prove that the account knows the key, by a call that sends and costs nothing.

        Raise ProviderError if it does not.
        """
        return Greeting()

    @abstractmethod
    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Send a batch; raise ProviderError, whose verdict says what is then true."""

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Return the message ids, by address, of the messages of a call that were accepted."""
        raise NotImplementedError(self.name)

    def cancel(self, key: str) -> None:
        """Cancel the call with this key, held for later; raise ProviderError if it was sent."""
        raise NotImplementedError(self.name)

    @classmethod
    def counts_by(cls, tag: str, send: str) -> str:
        """Return the tag by which it counts a send, whose references all begin with `send`."""
        del send
        return tag

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Return what the provider knows about messages with a tag; raise ProviderError."""
        raise NotImplementedError(self.name)

    def visits(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Return]:
        """Yield opens and clicks of messages with a tag, of those kinds that it lists.

        All that there are, else raise ProviderError: who counts them relies on it.
        """
        raise NotImplementedError(self.name)

    def departures(self, tag: str, since: dt.date, until: dt.date) -> Iterator[Departure]:
        """Yield who bounced for good, complained or left since; of messages with a tag, or all."""
        raise NotImplementedError(self.name)

    def suppressed(self) -> Iterator[Departure]:
        """Yield everybody to whom it sends nothing, however that came about."""
        raise NotImplementedError(self.name)

    def suppress(self, gone: Sequence[Departure]) -> None:
        """Have it send nothing to these, at most `is_told` of them; raise ProviderError."""
        raise NotImplementedError(self.name)

    def unsuppress(self, address: str) -> None:
        """Have it send to somebody again, whether it did not or did; raise ProviderError."""
        raise NotImplementedError(self.name)

    def clear(self, folder: str) -> None:  # noqa: B027 - only the outbox keeps what it was given
        """Delete what an earlier rehearsal left in a folder."""

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Close what is held open."""


def json_form(letter: Letter, frame: Any, each: Any) -> Form:
    """Return a JSON body; in `frame`, `letter.recipients` marks the place of the readers' parts."""
    head, tail = _compact(frame).split(f'"{letter.recipients}"')
    return Form((Part(head), Part(_compact(each), repeated=True), Part(tail)))


def alternative(kind: str, text: str) -> Carried:
    """Return a further alternative to text and page, such as an invitation."""
    return Carried(kind, "", text.encode())


def attached(files: Iterable[Mapping[str, Any]], name: str, kind: str) -> Iterator[Carried]:
    """Yield the files of a form, by the names of its fields; one without a type has that of a name.

    Their content is the field that is left.
    """
    for each in files:
        filename = str(each[name])
        data = next(v for k, v in each.items() if k.lower() in ("content", "base64content"))
        yield Carried(str(each.get(kind) or type_by_name(filename)), filename, b64decode(data))


def in_json(mark: str) -> str:
    """Return a mark for JSON inside a string of JSON: escaped once more."""
    return f"{mark[:-1]}jz"


def accepted(call: Call, message_ids: list[str]) -> tuple[Outcome, ...]:
    """Return the outcomes of a call that was accepted whole, ids in the order of its messages."""
    return tuple(
        Outcome(delivery=message.delivery, state=State.ACCEPTED, message_id=bare(message_id))
        for message, message_id in zip(call.messages, message_ids, strict=True)
    )


def mailbox(name: str, address: str) -> str:
    """Return a sender as one string: the name in UTF-8 and, if necessary, in quotes."""
    if re.search(r'[()<>\[\]:;@\\,."]', name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address}>" if name else address


def bare(message_id: str) -> str:
    """Return a message id without its angle brackets."""
    return message_id.strip().removeprefix("<").removesuffix(">")


def one_line(text: str) -> str:
    """Return a provider's message as one short line without secrets, for terminal and ledger."""
    line = " ".join(mask(text).split())
    if not line.isprintable():  # hardly any is not, and this runs for every reply
        line = "".join(c for c in line if c.isprintable())
    return mask(line)[:200]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
