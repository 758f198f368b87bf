"""Mails that are no bounces: complaints, wishes to leave, auto-replies, reports, answers."""

from collections.abc import Iterator

from newsletter.mailbox import Kind
from tests.mailbox.bounces import NOTHING, Shape
from tests.mailbox.letters import (
    API_ID,
    DAEMON,
    FRIEND,
    KEY,
    LEAVING,
    PLUS,
    READER,
    REFERENCE,
    SUBSCRIBER,
    UNSUBSCRIBE,
    complaint,
    head,
    joined,
    lines,
    original,
    part,
    plain,
    recipient,
    report,
)

SPAM, LEAVES, AUTO = Kind.COMPLAINED, Kind.UNSUBSCRIBED, Kind.AUTO_REPLY
REPLY, ODD = Kind.REPLY, Kind.UNREADABLE
PERSON = f"Aino Virtanen <{READER}>"


def _complaints() -> Iterator[Shape]:
    headers = "text/rfc822-headers"
    for said in ("abuse", "fraud", "opt-out", "Abuse", "opt-out-list"):
        yield f"arf {said}", complaint(said), SPAM, REFERENCE
        yield f"arf {said}, headers only", complaint(said, kind=headers), SPAM, REFERENCE
    for said in ("not-spam", "virus", "auth-failure", "other", "dkim", "dmarc", ""):
        yield f"arf {said or 'untyped'}", complaint(said), NOTHING, ""
    own = "Message-ID: <its.own@arf.example.net>\r\n"
    yield (
        "arf of yahoo, headers only",
        complaint(
            "abuse",
            kind=headers,
            more=f"Original-Mail-From: <x@example.org>\nOriginal-Rcpt-To: {READER}",
        ),
        SPAM,
        REFERENCE,
    )
    yield (
        "arf by the provider's id",
        complaint("abuse", back=original(keyed=False)),
        SPAM,
        "message 17",
    )
    yield (
        "arf by recipient",
        complaint("abuse", back=own + f"To: {FRIEND}\r\n", more=f"Original-Rcpt-To: <{READER}>"),
        SPAM,
        READER,
    )
    yield (
        "arf of microsoft in 2026",
        complaint("abuse", back=original(to="[redacted]"), kind="message/rfc822"),
        SPAM,
        REFERENCE,
    )
    yield "arf that names nobody", complaint("abuse", back=own), SPAM, ""
    yield (
        "arf redacted",
        complaint("abuse", back=own, more="Original-Rcpt-To: xxxx@example.org"),
        SPAM,
        "",
    )
    yield (
        "arf by the key to leave",
        complaint("abuse", back=own + f"List-Unsubscribe: <mailto:{PLUS}>\r\n"),
        SPAM,
        SUBSCRIBER,
    )
    yield (
        "hotmail of old",
        joined(
            head("staff@hotmail.com", "complaint about message from 192.0.2.1"),
            "multipart/mixed",
            part("message/rfc822", f"X-HmXmrOriginalRecipient: {READER}\r\n" + own),
        ),
        SPAM,
        READER,
    )
    yield (
        "hotmail's look of someone else",
        joined(
            head("staff@hotmail.com.evil.example", "complaint"),
            "multipart/mixed",
            part("message/rfc822", f"X-HmXmrOriginalRecipient: {READER}\r\n" + own),
        ),
        REPLY,
        "",
    )


def _leaving() -> Iterator[Shape]:
    apple = "Apple Mail sent this email to unsubscribe from the message “Joulukuun kirje”."
    for name, mail in {
        "apple": plain(head(PERSON, "", to=PLUS), apple),
        "gmail": plain(head(PERSON, "unsubscribe", to=PLUS), "This message was automatically gen"),
        "gmail, said by a program": plain(
            head(PERSON, "unsubscribe", "Auto-Submitted: auto-generated", to=PLUS), "automatically"
        ),
        "finnish": plain(head(PERSON, "=?utf-8?q?Peruuta_tilaus?=", to=PLUS), ""),
        "swedish": plain(head(PERSON, "Avsluta prenumeration", to=PLUS), "Hej!"),
        "no subject at all": plain(head(PERSON, "x", to=PLUS).replace("Subject: x\r\n", ""), ""),
        "in capitals": plain(head(PERSON, "UNSUBSCRIBE", to=PLUS.upper()), ""),
        "in html": head(PERSON, "", "Content-Type: text/html", to=PLUS).encode() + b"\r\n<p></p>",
        "in Cc": plain(head(PERSON, "Hei", f"Cc: <{PLUS}>"), ""),
        "as delivered": plain(head(PERSON, "Hei", f"Delivered-To: {PLUS}", to=UNSUBSCRIBE), ""),
        "plus cut off": plain(head(PERSON, f"Peruuta {LEAVING}", to=UNSUBSCRIBE), ""),
        "subject encoded": plain(
            head(PERSON, f"=?utf-8?q?Peruuta_{LEAVING}?=", to=UNSUBSCRIBE), ""
        ),
        "from another address": plain(head("Muu <muu@example.net>", "Re: x", to=PLUS), ""),
        "through an alias": plain(head("a1b2@alias.example", f"Fwd: {LEAVING}", to="x@y.fi"), ""),
        "marked as bulk": plain(head(PERSON, "", "Precedence: bulk", to=PLUS), ""),
        "with words of an absence": plain(head(PERSON, "Hei", to=PLUS), "Olen poissa toimistosta"),
        "with words of a bounce": plain(head(PERSON, "Hei", to=PLUS), "550 5.1.1 user unknown"),
        "behind other words in the address": plain(
            head(PERSON, "", to=f"eroa+x={LEAVING}@example.org"), ""
        ),
        "of two keys the one that is right": plain(
            head(PERSON, f"Peruuta {LEAVING}", to=f"eroa+{'a' * 32}@example.org"), ""
        ),
    }.items():
        yield f"leaves: {name}", mail, LEAVES, SUBSCRIBER
    thread = f"In-Reply-To: <{KEY}@example.org>"
    yield (
        "leaves: an answer to the address",
        plain(head(PERSON, "Vs: Joulukuun kirje", thread, to=UNSUBSCRIBE), "Kiitos ei"),
        LEAVES,
        REFERENCE,
    )
    references = f"References: <x@y> <{KEY}@example.org>"
    yield (
        "leaves: an answer by references",
        plain(head(PERSON, "SV: brev", references, to=UNSUBSCRIBE), ""),
        LEAVES,
        REFERENCE,
    )
    forged = LEAVING[:-1] + ("a" if LEAVING[-1] != "a" else "b")
    for name, mail in {
        "forged key": plain(head(PERSON, "", to=f"eroa+{forged}@example.org"), apple),
        "cut key": plain(head(PERSON, "", to=f"eroa+{LEAVING[:20]}@example.org"), apple),
        "no key": plain(head(PERSON, "unsubscribe", to=UNSUBSCRIBE), "unsubscribe"),
        "key in the text alone": plain(head(PERSON, "Hei"), f"Linkki oli {PLUS}"),
        "answer to the editor": plain(head(PERSON, "Vs: kirje", thread), "Poistakaa minut"),
        "answer to an address that ends alike": plain(
            head(PERSON, "Vs: kirje", thread, to=f"uutis{UNSUBSCRIBE}"), "Kiitos!"
        ),
        "answer to an address that ends alike behind a dash": plain(
            head(PERSON, "x", thread, to=f"not-{UNSUBSCRIBE}"), ""
        ),
        "answer to an address that begins alike": plain(
            head(PERSON, "Vs: kirje", thread, to=f"{UNSUBSCRIBE}.example.net"), "Kiitos!"
        ),
        "id of someone else": plain(
            head(PERSON, "x", "In-Reply-To: <x@example.org>", to=UNSUBSCRIBE), ""
        ),
    }.items():
        yield f"stays: {name}", mail, REPLY, ""


def _auto_replies() -> Iterator[Shape]:
    away = "Olen poissa 7.1. asti. Mailbox full. 550 5.1.1 user unknown. Unsubscribe."
    machine = "Auto-Submitted: auto-replied"
    exchange = "X-Auto-Response-Suppress: All"
    for subject in (
        "Automaattinen vastaus: Joulukuun kirje",
        "=?utf-8?q?Automaattinen_vastaus=3A_Joulukuun_kirje?=",
        "Automatiskt svar: Joulukuun kirje",
        "Automatic reply: Joulukuun kirje",
        "Out of Office: Joulukuun kirje",
        "Out of Office AutoReply: kirje",
        "Poissa: Joulukuun kirje",
        "Olen lomalla: Joulukuun kirje",
        "Poissaoloviesti",
        "=?iso-8859-1?q?Fr=E5nvaro?=",
        "Autosvar: Joulukuun kirje",
        "Automatische Antwort: kirje",
        "=?utf-8?q?R=C3=A9ponse_automatique_=3A_kirje?=",
        "AUTO: Aino Virtanen is out of the office",
        "Autoreply",
    ):
        yield f"auto-reply {subject}", plain(head(PERSON, subject), away), AUTO, ""
    for header in (
        machine,
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: Auto-Replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: Joulukuun kirje",
        "X-Auto-Reply-From: aino@example.org",
        "X-AutoReply-From: <aino@example.org>",
        "Precedence: auto_reply",
        "Precedence: auto-reply",
        exchange,
    ):
        if header.startswith("X-Auto-Reply-From"):
            continue  # nobody writes that
        top = head(PERSON, "Re: Joulukuun kirje", header, "Return-Path: <>")
        yield f"auto-reply {header}", plain(top, away), AUTO, ""
    for name, where in {"address": PLUS, "address for all": UNSUBSCRIBE}.items():
        top = head(PERSON, "Automatic reply: kirje", machine, exchange, to=where)
        yield f"auto-reply to the {name} for leaving", plain(top, away), AUTO, ""
    for said in ("auto-replied", "auto-generated"):
        thread = f"In-Reply-To: <{KEY}@example.org>"
        top = head(PERSON, "Re: kirje", f"Auto-Submitted: {said}", thread, to=PLUS)
        yield f"{said} in a thread to the key", plain(top, away), AUTO, ""
    quoting = head(PERSON, f"Automaattinen vastaus: Peruuta {LEAVING}", machine)
    yield "auto-reply with a key in its subject", plain(quoting, away), AUTO, ""
    returned = head(PERSON, "Re: kirje", machine, "Return-Path: <>", to=f"palaa+{KEY}@example.org")
    yield "auto-reply to the return path", plain(returned, away), AUTO, ""
    raw = plain(head(PERSON, "Frånvaro till 7.1"), "Hej", charset="iso-8859-1")
    yield "auto-reply with a raw subject", raw, AUTO, ""


def _reports() -> Iterator[Shape]:
    read = joined(
        head(PERSON, "Luettu: Joulukuun kirje"),
        "multipart/report; report-type=disposition-notification",
        part("text/plain", "Luettu"),
        part("message/disposition-notification", f"Final-Recipient: rfc822;{READER}\r\n"),
    )
    yield "read receipt", read, NOTHING, ""
    yield "deleted unread", read.replace(b"Luettu:", b"Ei luettu:"), NOTHING, ""
    tls = joined(
        head("tls@report.example", "Report Domain: example.org"),
        "multipart/report; report-type=tlsrpt",
        part("text/plain", "TLS report"),
        part("application/tlsrpt+gzip", "x"),
    )
    yield "report of tls", tls, NOTHING, ""


def _answers() -> Iterator[Shape]:
    bounced = report(recipient("5.1.1", "550 5.1.1 unknown")).decode()
    inside = joined(
        head(PERSON, "VS: Undelivered Mail Returned to Sender"),
        "multipart/mixed",
        part("text/plain", "Mikä tämä on?"),
        part("message/rfc822", bounced),
        mark="=_outer",
    )
    yield "forwarded bounce", inside, REPLY, ""
    attached = joined(
        head(PERSON, "Fwd: Undelivered", "User-Agent: Mail/1"),
        "multipart/mixed",
        part("text/plain", "Mikä tämä on?"),
        part(
            "message/delivery-status", lines(f"Final-Recipient: rfc822;{FRIEND}", "Status: 5.1.1")
        ),
        mark="=_outer",
    )
    yield "forwarded bounce, its parts attached", attached, REPLY, ""
    inline = f"Sain tällaisen:\n> Hi. This is the qmail-send program\n> <{FRIEND}>:\n> (#5.1.1)\n"
    yield (
        "forwarded bounce, in the text",
        plain(head(PERSON, "Fwd: failure notice"), inline),
        REPLY,
        "",
    )
    asked = head(PERSON, "Undelivered Mail Returned to Sender", f"Return-Path: <{READER}>")
    yield "asks about a bounce under its subject", plain(asked, inline), REPLY, ""
    yield "answer", plain(head(PERSON, "Vs: Joulukuun kirje"), "Kiitos!"), REPLY, ""
    bulk = head(PERSON, "Re: kirje", "Precedence: bulk")
    yield "answer marked as bulk", plain(bulk, "Kiitos!"), REPLY, ""
    outlook = head(PERSON, "VS: kirje", "X-Auto-Response-Suppress: None", "X-MS-Has-Attach:")
    yield "answer from Outlook", plain(outlook, "Kiitos!"), REPLY, ""
    said_no = head(PERSON, "VS: kirje", "Auto-Submitted: no")
    yield "answer that says it is no machine", plain(said_no, "Hei"), REPLY, ""
    yield "car", plain(head(PERSON, "Auto: kimppakyyti teemapäivään"), "Hei"), REPLY, ""
    moved = plain(head(PERSON, "Osoite muuttuu"), "Address aino@example.org no longer in use.")
    yield "moves", moved, REPLY, ""
    yield (
        "report inside an answer",
        joined(
            head(PERSON, "VS: roskaa"),
            "multipart/mixed",
            part("text/plain", "Tämä on roskapostia!"),
            part("message/rfc822", complaint("abuse").decode()),
            mark="=_outer",
        ),
        REPLY,
        "",
    )
    yield (
        "spam of strangers",
        plain(head("x@spam.example", "Viagra", to="<x@y>"), API_ID),
        REPLY,
        "",
    )
    challenge = plain(head("confirm@filter.example", "Please confirm your mail"), "Click here.")
    yield "challenge", challenge, REPLY, ""


def _malformed() -> Iterator[Shape]:
    yield "nothing", b"", REPLY, ""
    yield "no headers", b"\r\n\r\nuser unknown", REPLY, ""
    yield "no body", head(PERSON, "Hei").encode(), REPLY, ""
    yield "zeros", b"\0" * 4096, REPLY, ""
    yield "all bytes", bytes(range(256)) * 64, REPLY, ""
    yield "one endless line", b"Subject: " + b"x" * 300_000, REPLY, ""
    yield "broken encoded words", plain(head(PERSON, "=?utf-8?b?####?= =?x?q?=ZZ?="), ""), REPLY, ""
    yield (
        "unknown charset",
        plain(head(PERSON, "=?nix-99?q?Hei?="), "").replace(b"utf-8", b"nix-99"),
        REPLY,
        "",
    )
    yield (
        "date from nowhere",
        plain(head(PERSON, "Hei").replace("Tue, 01 Dec 2026", "Xyz, 99 Foo 99999"), ""),
        REPLY,
        "",
    )
    yield "addresses in a mess", plain(head('"<<@@;;', "x", to="(((("), ""), REPLY, ""
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(400)
    )
    yield "nested without end", nested, REPLY, ""
    inside = b"Content-Type: message/rfc822\r\n\r\n" * 2000
    yield "mail in mail in mail", inside, REPLY, ""
    many = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 20_000
    yield "parts without number", many, REPLY, ""
    yield "quotes without end", b'Content-Type: text/plain; x="' + b";" * 50_000, REPLY, ""
    yield "headers without number", b"X: y\r\n" * 20_000 + b"\r\n", REPLY, ""
    yield "folded without end", b"Subject: x\r\n" + b" y\r\n" * 20_000, REPLY, ""
    failed = report(recipient("5.1.1", "550 5.1.1 unknown"))
    yield (
        "a report with a broken date",
        failed.replace(b"Tue, 01", b"\xff, 99"),
        Kind.HARD,
        REFERENCE,
    )
    odd = failed.replace(b"Subject: Und", b"Subject: =?utf-8?b?\xff?= \x01Und")
    yield "a report with a broken subject", odd, Kind.HARD, REFERENCE
    yield (
        "a report without a sender",
        failed.replace(f"From: {DAEMON}".encode(), b"From: <>"),
        Kind.HARD,
        REFERENCE,
    )


OTHERS: list[Shape] = [
    *_complaints(),
    *_leaving(),
    *_auto_replies(),
    *_reports(),
    *_answers(),
    *_malformed(),
]
