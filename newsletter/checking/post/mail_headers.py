"""Checks the headers of the final message: that each is there once and can be read by anybody."""

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parseaddr, parsedate_to_datetime

from newsletter.addresses import mail_address
from newsletter.checking.draft import Draft
from newsletter.checking.instruments.cures import NOT_YOURS
from newsletter.checking.instruments.raw_message import (
    ENCODED_WORD,
    Part,
    parts_of,
    readable_field,
)
from newsletter.checking.report import checks
from newsletter.language.wording import say, say_all
from newsletter.model import Finding
from newsletter.model.rules import Rule

_ONCE = (
    *("From", "Date", "To", "Subject", "Reply-To", "Message-ID", "MIME-Version", "Content-Type"),
    *("List-Id", "List-Unsubscribe"),
)
_AT_MOST_ONCE = (
    *("Sender", "Cc", "In-Reply-To", "References", "Content-Transfer-Encoding"),
    *("List-Unsubscribe-Post", "Feedback-ID"),
)
# Headers that machines read; no word of them may be encoded (RFC 2047, section 5).
_STRUCTURED = re.compile(
    r"(?:List-.*|Feedback-ID|Message-ID|In-Reply-To|References|Return-Path|Date|Content-Type"
    r"|Content-Transfer-Encoding|Content-ID|MIME-Version|DKIM-Signature)$",
    re.I,
)
_MAILBOXES = re.compile(r"(?:From|Reply-To|To|Sender)$", re.I)
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
_MESSAGE_ID = re.compile(
    r"<(?P<left>[\w!#$%&'*+/=?^`{|}~.-]{16,})@(?P<right>(?:[a-z\d-]+\.)+[a-z\d-]+)>", re.I | re.A
)
_LOCAL_NAME = re.compile(r"(?:^|\.)(?:localhost|localdomain|local|lan|internal|home)$", re.I)
_ONE_CLICK = "List-Unsubscribe=One-Click"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINE, _HEADER, _HEAD, _ID = 998, 32_768, 500_000, 500  # bytes


HEADER_SINGLE_INSTANCE = Rule(
    id="header-single-instance",
    summary="Each header that must be there once is there once",
    source="RFC 5322, section 3.6; Google SMTP errors 550 5.7.1",
)


@checks(HEADER_SINGLE_INSTANCE)
def check_instances(draft: Draft) -> Iterator[Finding]:
    """Each header is there as often as it may be."""
    for part in _heads(draft):
        names = [name.lower() for name, _ in part.fields]
        for name in (*_ONCE, *_AT_MOST_ONCE):
            count = names.count(name.lower())
            if count > 1 or (count == 0 and name in _ONCE):
                fault = (
                    say("the header “{name}” stands there {count} times", name=name, count=count)
                    if count
                    else say("the header “{name}” is missing", name=name)
                )
                yield HEADER_SINGLE_INSTANCE.error(draft.path, fault, hint=NOT_YOURS)


DATE_HEADER = Rule(
    id="date-header",
    summary="The message bears the time it is made",
    source="RFC 5322, section 3.3; SpamAssassin 4.0.1 DATE_IN_FUTURE, DATE_IN_PAST",
)
MESSAGE_ID = Rule(
    id="message-id",
    summary="Each message has an id of its own that tells nothing",
    source="RFC 5322, section 3.6.4; Google SMTP errors",
)


@checks(DATE_HEADER, MESSAGE_ID)
def check_stamp(draft: Draft) -> Iterator[Finding]:
    """Date and Message-ID are there, valid and plausible."""
    for specimen in draft.specimens:
        part = parts_of(specimen)
        if fault := _fault_of_date(part.field("Date"), draft.today):
            yield DATE_HEADER.error(draft.path, fault, hint=NOT_YOURS)
        if fault := _fault_of_id(part.field("Message-ID"), specimen.persona.address):
            yield MESSAGE_ID.error(draft.path, fault, hint=NOT_YOURS)


LIST_UNSUBSCRIBE = Rule(
    id="list-unsubscribe",
    summary="Mail programs get an address to unsubscribe at",
    source="RFC 2369; RFC 8058; Google and Yahoo sender rules, 2024",
)
LIST_UNSUBSCRIBE_POST = Rule(
    id="list-unsubscribe-post",
    summary="One click unsubscribes, wherever that is possible",
    source="RFC 8058, section 3.1",
)
LIST_ID = Rule(
    id="list-id",
    summary="The List-Id is that of every issue, for readers' filters",
    source="RFC 2919",
)


@checks(LIST_UNSUBSCRIBE, LIST_UNSUBSCRIBE_POST, LIST_ID)
def check_list(draft: Draft) -> Iterator[Finding]:
    """The headers of a list are complete, and right for the way out there is."""
    for part in _heads(draft):
        uris = part.field("List-Unsubscribe")
        if fault := _fault_of_unsubscribe(uris, is_public=bool(draft.public_url)):
            yield LIST_UNSUBSCRIBE.error(draft.path, fault, hint=NOT_YOURS)
        if fault := _fault_of_post(part.field("List-Unsubscribe-Post"), uris):
            yield LIST_UNSUBSCRIBE_POST.error(draft.path, fault, hint=NOT_YOURS)
        list_id = part.field("List-Id")
        if not re.fullmatch(r'(?:[^<>"]* )?<(?=.{3,255}>)[\w-]+(?:\.[\w-]+)+>', list_id, re.A):
            yield LIST_ID.warning(
                draft.path,
                say("the List-Id “{id}” is not one that mail programs can sort by", id=list_id),
                hint=NOT_YOURS,
            )
        elif list_id.rpartition("<")[2].rstrip(">") != _usual_list_id(draft):
            yield LIST_ID.warning(
                draft.path,
                say(
                    "the List-Id “{id}” is not that of other issues, which filters know", id=list_id
                ),
                hint=NOT_YOURS,
            )


STRUCTURED_HEADER_ENCODED_WORD = Rule(
    id="structured-header-encoded-word",
    summary="Headers that machines read are not encoded",
    source="RFC 2047, section 5; Google SMTP error 550 5.7.1; cpython issue 85725",
)


@checks(STRUCTURED_HEADER_ENCODED_WORD)
def check_encoded_words(draft: Draft) -> Iterator[Finding]:
    """Headers that machines read hold no encoded words: Gmail hides “unsubscribe” then."""
    for specimen in draft.specimens:
        for part in parts_of(specimen).walk():
            for name, value in part.fields:
                if ENCODED_WORD.search(_machine_part(name, value)):
                    fault = say(
                        "the header “{name}” is encoded, so Gmail and Outlook cannot read it",
                        name=name,
                    )
                    yield STRUCTURED_HEADER_ENCODED_WORD.error(draft.path, fault, hint=NOT_YOURS)


HEADER_INJECTION = Rule(
    id="header-injection",
    summary="Nothing a reader's data holds becomes a header",
    source="RFC 5322, section 2.2; CWE-93",
)
HEADER_SIZES = Rule(
    id="header-sizes",
    summary="Headers are no longer than mail servers take",
    source="RFC 5322, section 2.1.1; Google header limits",
)


@checks(HEADER_INJECTION, HEADER_SIZES)
def check_shape(draft: Draft) -> Iterator[Finding]:
    """No value breaks out of its header, and no header is too long."""
    usual = {
        specimen.persona.variant: {name for name, _ in parts_of(specimen).fields}
        for specimen in reversed(draft.specimens)
        if specimen.persona.id != "hostile"
    }
    for specimen in draft.specimens:
        part = parts_of(specimen)
        for name, value in part.fields:
            if name not in usual.get(specimen.persona.variant, {name}):
                fault = say("a value made a header “{name}”", name=name)
                yield HEADER_INJECTION.error(draft.path, fault, hint=NOT_YOURS)
            elif _CONTROL.search(readable_field(value)):
                fault = say("the header “{name}” holds a control character", name=name)
                yield HEADER_INJECTION.error(draft.path, fault, hint=NOT_YOURS)
        yield from _sizes(draft, part)


def _heads(draft: Draft) -> Iterator[Part]:
    return map(parts_of, draft.specimens)


def _machine_part(name: str, value: str) -> str:
    """Return what of a header no person reads: all, the address of a mailbox, or nothing."""
    if _MAILBOXES.match(name):
        return " ".join(re.findall(r"<([^>]*)>", value)) if "<" in value else value
    return value if _STRUCTURED.match(name) else ""


def _usual_list_id(draft: Draft) -> str:
    address = mail_address(parseaddr(draft.usual_from)[1])
    return re.sub(r"[^\w.-]", "-", address.replace("@", "."), flags=re.ASCII)


def _fault_of_date(value: str, today: dt.date) -> str:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        if not value:
            return say("the message has no date")
        return say("the date “{value}” of the message is none", value=value)
    if not _DATE.fullmatch(value) or f"{moment:%a}" != value[:3]:
        return say(
            "the date “{value}” of the message is not written as mail servers want it", value=value
        )
    if today != dt.date.max and abs(moment.date() - today) > dt.timedelta(days=1):
        return say(
            "the message is dated {date}, which counts as spam; today is {today}",
            date=str(moment.date()),
            today=str(today),
        )
    return ""


def _fault_of_id(value: str, address: str) -> str:
    match = _MESSAGE_ID.fullmatch(value)
    if match is None or len(value) > _ID:
        if not value:
            return say("no Message-ID")
        return say("the id “{id}” of the message is not one", id=value[:60])
    if _LOCAL_NAME.search(match["right"]):
        return say(
            "the id of the message names a machine of the house: “{machine}”",
            machine=match["right"],
        )
    if address.partition("@")[0].lower() in re.split(r"[=.+_-]", match["left"].lower()):
        return say("the id of the message holds the reader's address")
    return ""


def _fault_of_unsubscribe(value: str, *, is_public: bool) -> str:
    if not value:
        return say("mail programs get no address to unsubscribe at")
    if not re.fullmatch(r"<[!-;=?-~]+>(?:, *<[!-;=?-~]+>)*", value):
        return say("the address to unsubscribe at is not written as mail programs want it")
    schemes = [uri.partition(":")[0].lower() for uri in re.findall(r"<([^>]*)>", value)]
    wanted = 1 if is_public else 0
    if schemes.count("https") != wanted or schemes.count("mailto") not in (1 - wanted, 1):
        if is_public:
            return say(
                "the header that lets mail programs unsubscribe must hold one https address, "
                "not {schemes}",
                schemes=say_all(schemes),
            )
        return say(
            "the header that lets mail programs unsubscribe must hold one mail address and no "
            "other, not {schemes}",
            schemes=say_all(schemes),
        )
    if set(schemes) - {"https", "mailto"}:
        return say(
            "the header that lets mail programs unsubscribe holds an address that is no way out"
        )
    return ""


def _fault_of_post(value: str, uris: str) -> str:
    has_page = "<https:" in uris.lower()
    if has_page and value != _ONE_CLICK:
        return say(
            "one click cannot unsubscribe: “{value}” should be “{wanted}”",
            value=value,
            wanted=_ONE_CLICK,
        )
    if value and not has_page:
        return say("one-click unsubscribing is promised without an https address that does it")
    return ""


def _sizes(draft: Draft, part: Part) -> Iterator[Finding]:
    if len(part.head) > _HEAD:
        fault = say(
            "the headers have {size:,} bytes; mail servers may refuse that", size=len(part.head)
        )
        yield HEADER_SIZES.error(draft.path, fault, hint=NOT_YOURS)
    for field in re.split(rb"\r\n(?![ \t])", part.head):
        name = field.partition(b":")[0].decode("latin-1")
        longest = max(map(len, field.split(b"\r\n")))
        if longest > _LINE or len(field) > (_LINE if name == "Subject" else _HEADER):
            is_subject = name == "Subject"
            yield HEADER_SIZES.error(
                draft.path,
                say(
                    "the header “{name}” has {size:,} bytes; mail servers refuse that",
                    name=name,
                    size=len(field),
                ),
                hint=say("shorten the subject") if is_subject else NOT_YOURS,
                line=draft.line_of("subject") if is_subject else None,
            )


CHECKS = (
    check_instances,
    check_stamp,
    check_list,
    check_encoded_words,
    check_shape,
)
