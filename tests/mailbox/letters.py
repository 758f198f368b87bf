"""Builds mails as servers and people write them, from their structure, with invented people."""

from newsletter.mailkeys import HEADER, DeliveryKeys, Keyring, LeavingKeys

SECRET = "a secret of the tests, long enough to sign"  # noqa: S105 - of the tests alone
SEND = "0123456789abcdef0123456789abcdef"
READER, FRIEND, MOVED = "aino@example.org", "veikko@example.com", "aino.uusi@example.net"
READERS = frozenset({READER, FRIEND})
SUBSCRIBER, DELIVERY = "QUlOT0FJTk9BSU5PQUlO", 4711
REFERENCE = f"{SEND[:8]}-{DELIVERY}"
LEAVING = LeavingKeys(SECRET).key_for(SUBSCRIBER)
KEY = DeliveryKeys(SEND).key_for(DELIVERY)
KEYS = Keyring(secret=SECRET, sends={SEND[:8]: SEND})
UNSUBSCRIBE, PLUS = "eroa@example.org", f"eroa+{LEAVING}@example.org"
API_ID = "202612011000.41712345678@smtp-relay.example.net"
DAEMON = "MAILER-DAEMON@mx.example.net (Mail Delivery System)"


def lines(*parts: str) -> str:
    """Return lines as mail has them."""
    return "".join(f"{line}\r\n" for part in parts for line in part.splitlines() or [""])


def original(*, to: str = READER, keyed: bool = True, mid: str = "", more: str = "") -> str:
    """Return the headers of our mail, as it came back."""
    own = f"{HEADER}: {KEY}" if keyed else "X-Mailin-Tag: newsletter"
    return lines(
        "Received: from mx.example.org by mx.example.net with ESMTPS id 4b7Xyz;",
        " Tue, 01 Dec 2026 10:00:05 +0200",
        "From: =?utf-8?b?VXV0aXNraXJqZQ==?= <uutiskirje@example.org>",
        f"To: <{to}>",
        "Subject: =?utf-8?q?Joulukuun_kirje?=",
        f"Message-ID: <{mid or (f'{KEY}@example.org' if keyed else API_ID)}>",
        own,
        "List-Id: <uutiskirje.example.org>",
        *more.splitlines(),
    )


def head(sender: str, subject: str, *more: str, to: str = "uutiskirje@example.org") -> str:
    """Return the headers of a mail that came in."""
    return lines(
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        "Date: Tue, 01 Dec 2026 10:02:11 +0200",
        "Message-ID: <incoming.1@mx.example.net>",
        "MIME-Version: 1.0",
        *more,
    )


def system(subject: str, *more: str, sender: str = DAEMON, **named: str) -> str:
    """Return the headers of a mail from a mail system."""
    return head(sender, subject, "Return-Path: <>", "Auto-Submitted: auto-replied", *more, **named)


def part(kind: str, body: str, *more: str) -> str:
    """Return a part of a mail."""
    return lines(f"Content-Type: {kind}", *more, "") + body


def joined(top: str, kind: str, *parts: str, mark: str = "=_part") -> bytes:
    """Return a mail of several parts."""
    text = top + lines(f'Content-Type: {kind}; boundary="{mark}"', "", "This is MIME.")
    text += "".join(f"--{mark}\r\n{one}\r\n" for one in parts) + f"--{mark}--\r\n"
    return text.encode("utf-8")


def plain(top: str, body: str, charset: str = "utf-8") -> bytes:
    """Return a mail of one text."""
    kind = f"Content-Type: text/plain; charset={charset}"
    return (top + lines(kind, "") + body.replace("\n", "\r\n")).encode(charset)


def fields(*groups: str, kind: str = "message/delivery-status") -> str:
    """Return the part for machines of a report: fields of the message, then of each recipient."""
    return part(kind, "\r\n".join(lines(group) for group in groups))


def recipient(
    status: str,
    said: str = "",
    *,
    to: str = READER,
    action: str = "failed",
    first: str = "",
    kind: str = "rfc822",
) -> str:
    """Return the fields about one recipient."""
    rows = [f"Original-Recipient: {first}"] if first else []
    rows += [f"Final-Recipient: {kind}; {to}", f"Action: {action}", f"Status: {status}"]
    rows += [f"Diagnostic-Code: smtp; {said}"] if said else []
    return "\n".join(rows)


def report(
    *groups: str,
    words: str = "Your message could not be delivered.",
    subject: str = "Undelivered Mail Returned to Sender",
    sender: str = DAEMON,
    back: str | None = None,
    kind: str = "message/rfc822",
    mta: str = "Reporting-MTA: dns; mx.example.net",
    to: str = "uutiskirje@example.org",
    status: str = "message/delivery-status",
) -> bytes:
    """Return a report of delivery (RFC 3464), our mail inside or only its headers."""
    returned = original() if back is None else back
    body = returned + ("" if "headers" in kind else "\r\nHyvä lukija\r\n")
    parts = [part("text/plain; charset=utf-8", words), fields(mta, *groups, kind=status)]
    if returned:
        parts.append(part(kind, body))
    top = system(subject, sender=sender, to=to)
    return joined(top, "multipart/report; report-type=delivery-status", *parts)


def complaint(
    said: str, *, back: str | None = None, kind: str = "message/rfc822", more: str = ""
) -> bytes:
    """Return a report of a complaint (RFC 5965)."""
    rows = [f"Feedback-Type: {said}"] if said else []
    rows += ["User-Agent: ExampleFBL/1.0", "Version: 1", *more.splitlines()]
    returned = original() if back is None else back
    return joined(
        head("feedback@arf.example.net", "Abuse report", "Return-Path: <feedback@arf.example.net>"),
        "multipart/report; report-type=feedback-report",
        part("text/plain", "This is an email abuse report.\r\n"),
        part("message/feedback-report", lines(*rows)),
        part(kind, returned + ("" if "headers" in kind else "\r\nHyvä lukija\r\n")),
    )
