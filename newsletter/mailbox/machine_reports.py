"""Reads reports in the form for machines: a mail did not arrive, or was called spam."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter.bounces import class_of, enhanced_code
from newsletter.mailbox.clues import (
    addresses_in,
    clues_in_text,
    clues_of_original,
    in_order,
    original_addresses,
    typed_address,
)
from newsletter.mailbox.machine_signs import (
    is_from_mail_system,
    is_of_domain,
    sender_of,
    tells_of_failure,
)
from newsletter.mailbox.parts import Part
from newsletter.mailbox.verdicts import By, Clue, Kind, Verdict
from newsletter.mailkeys import Keyring

_DELIVERY = ("message/delivery-status", "message/global-delivery-status", "message/delivery_status")
_FEEDBACK = "message/feedback-report"
_RETURNED = (
    *("message/rfc822", "message/global", "message/news"),
    *("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"),
)
_RECEIPTS = (
    *("message/disposition-notification", "message/global-disposition-notification"),
    "message/tracking-status",
)
_ACTING = ("abuse", "fraud", "opt-out", "opt-out-list")  # RFC 5965; none of the others is a wish
_FAILED = ("fail", "error", "undeliver", "bounce")  # OpenSMTPD writes "error"
_OTHER_ACTIONS = ("delay", "deliver", "relay", "expand", "success", "warn")
_MOST = 50  # recipients of one report
_SHOWN = 300  # characters of what a server said


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outermost report of a mail: what is for machines, and what came back."""

    frame: Part
    machine: Part  # the part with fields
    returned: Part | None  # headers of our mail


def find_report(mail: Part) -> tuple[str, Report] | None:
    """Return the report that a mail is, as "delivery" or "feedback"; None if it is none.

    Only the outermost counts, and none inside a mail inside this one: people forward bounces
    (RFC 6522, section 1).
    """
    frame = _frame_of(mail)
    if frame is None:
        return None
    kinds = {"feedback": (_FEEDBACK,), "delivery": _DELIVERY}
    for name, types in kinds.items():
        machine = next((part for part in frame.parts if part.type in types), None)
        if machine is not None:
            return name, Report(frame=frame, machine=machine, returned=_returned(frame))
    return None


def is_report_of_other_kind(mail: Part) -> bool:
    """Return whether a mail is a report that changes nothing, such as that it was read."""
    if any(part.type in _RECEIPTS for part in (mail, *mail.parts)):  # Outlook calls it mixed
        return True
    if mail.type == "multipart/report":
        return mail.parameter("report-type") not in ("", "delivery-status", "feedback-report")
    return is_of_domain(mail)


def read_delivery(report: Report, keys: Keyring) -> tuple[Verdict, ...]:
    """Return what a report says of each recipient, the gravest first; () if it names none."""
    common = clues_of_original(report.returned, keys)
    words = _words(report.frame)
    groups = list(_recipients(report.machine))
    if not groups:
        return ()
    verdicts = [_of_recipient(group, common, words) for group in groups[:_MOST]]
    known = [clue for clue in common if clue.by in (By.LEAVING_KEY, By.DELIVERY_KEY)]
    if known or len(verdicts) == 1:
        return (_of_one_mail(verdicts),)
    order = list(Kind)
    return tuple(sorted(verdicts, key=lambda verdict: order.index(verdict.kind)))


def read_feedback(report: Report, keys: Keyring) -> Verdict:
    """Return what a report of a complaint says; its ids are those of the last part."""
    fields = report.machine.blocks() or [report.machine]
    said = fields[0].header("feedback-type").lower().partition(";")[0].strip()
    kind = Kind.COMPLAINED if said in _ACTING else Kind.REPORT
    named = ("original-rcpt-to", "removal-recipient", "original-recipient")
    addresses = [a for name in named for v in fields[0].all_headers(name) for a in addresses_in(v)]
    clues = [Clue(By.ORIGINAL_RECIPIENT, address) for address in addresses]
    return Verdict(
        kind=kind,
        clues=in_order([*clues_of_original(report.returned, keys), *clues]),
        text=said,
    )


def read_hotmail(mail: Part, keys: Keyring) -> Verdict | None:
    """Return the complaint that Microsoft reports by forwarding our mail alone; None if it is none.

    The header is in the mail attached, with the reader's address.
    """
    if not re.search(r"@(?:\w+\.)*(?:hotmail|outlook|microsoft|live)\.com$", sender_of(mail)):
        return None
    returned = _returned(mail)
    if returned is None or not returned.has("x-hmxmroriginalrecipient"):
        return None
    return Verdict(kind=Kind.COMPLAINED, clues=in_order(clues_of_original(returned, keys)))


def _frame_of(mail: Part) -> Part | None:
    """Return the outermost report, which a gateway may have wrapped to add its own words."""
    if mail.type == "multipart/report":
        return mail
    if not mail.type.startswith("multipart/"):
        return None
    inner = next((part for part in _opened(mail) if part.type == "multipart/report"), None)
    has_fields = any(part.type in (*_DELIVERY, _FEEDBACK) for part in mail.parts)
    is_of_machine = is_from_mail_system(mail) or mail.header("return-path") == "<>"
    if is_of_machine and has_fields:
        return mail
    return inner if is_of_machine else None


def _opened(mail: Part) -> Iterator[Part]:
    """Yield the parts of a mail; a report that a gateway attached as a mail, and kept its subject.

    People attach such, too, but write what they want to know into the subject.
    """
    for part in mail.parts:
        is_mail = part.type in _RETURNED and part.parts and tells_of_failure(mail)
        inside = part.parts[0] if is_mail else part
        yield inside if is_from_mail_system(inside) else part


def _returned(frame: Part) -> Part | None:
    """Return the headers of the mail that came back: the last part that has any."""
    found = [part for part in (frame, *frame.parts) if part.type in _RETURNED]
    if not found:
        return None
    last = found[-1]
    return last.parts[0] if last.parts else last


def _words(frame: Part) -> str:
    """Return what the report says to people."""
    texts = (part for part in frame.leaves() if part.type in ("text/plain", "text/html"))
    first = next(texts, None)
    return first.text()[:4_000] if first else ""


def _recipients(machine: Part) -> Iterator[Part]:
    """Yield the fields about each recipient."""
    for block in machine.blocks():
        if any(block.has(name) for name in ("final-recipient", "original-recipient", "action")):
            yield block


def _of_recipient(fields: Part, common: list[Clue], words: str) -> Verdict:
    said = fields.header("diagnostic-code").partition(";")[2] or fields.header("diagnostic-code")
    said = said.strip()
    status = _status(fields.header("status"))
    final = fields.header("final-recipient") or fields.header("x-actual-recipient")
    clues = [*common]
    for value in fields.all_headers("original-recipient"):
        clues += [Clue(By.ORIGINAL_RECIPIENT, address) for address in original_addresses(value)]
    if address := typed_address(final):
        clues.append(Clue(By.FINAL_RECIPIENT, address))
    return Verdict(
        kind=_kind(fields.header("action"), status, said, words),
        clues=in_order(clues),
        status=status if status and not status.endswith(".0.0") else enhanced_code(said) or status,
        text=said[:_SHOWN],
    )


def _kind(action: str, status: str, said: str, words: str) -> Kind:
    action = action.strip().lower()
    if status.startswith("2") or action.startswith(_OTHER_ACTIONS):
        return Kind.REPORT
    if not action.startswith(_FAILED) and not status.startswith("5"):
        # Neither says that anything failed for good.
        return Kind.SOFT if status.startswith("4") else Kind.REPORT
    return Kind[class_of(status, said, words).name]


def _status(value: str) -> str:
    found = re.search(r"\b0?([245])\.(\d{1,3})\.(\d{1,3})\b", value)
    if found:
        return ".".join(str(int(number)) for number in found.groups())
    return ""


def _of_one_mail(verdicts: list[Verdict]) -> Verdict:
    """Return what all say of the one reader a mail went to, whose address leads to several.

    It is gone only if none of them takes mail.
    """
    order = [Kind.REPORT, Kind.SOFT, Kind.ABOUT_US, Kind.HARD]
    mildest = min(verdicts, key=lambda verdict: order.index(verdict.kind))
    clues = in_order(clue for verdict in verdicts for clue in verdict.clues)
    return replace(mildest, clues=clues)


def keys_in_words(report: Report, keys: Keyring) -> list[Clue]:
    """Return the keys that the words of a report quote, where no mail came back."""
    return clues_in_text(_words(report.frame), keys)
