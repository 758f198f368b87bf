"""Bounces as mail servers write them, each with what it means and whom it is about."""

from collections.abc import Iterator

from newsletter.mailbox import Kind
from tests.mailbox.letters import (
    API_ID,
    FRIEND,
    KEY,
    MOVED,
    READER,
    REFERENCE,
    fields,
    head,
    joined,
    lines,
    original,
    part,
    plain,
    recipient,
    report,
    system,
)

Shape = tuple[str, bytes, Kind, str]  # name, mail, what it means, whom it is about
HARD, SOFT, US, NOTHING = Kind.HARD, Kind.SOFT, Kind.ABOUT_US, Kind.REPORT

_EXCHANGE_WORDS = {
    "en": (
        "Undeliverable: Joulukuun kirje",
        "Your message to aino@example.org couldn't be delivered.",
    ),
    "fi": (
        "Ei voi toimittaa: Joulukuun kirje",
        "Viestiäsi ei voitu toimittaa: aino@example.org. Yritä uudelleen myöhemmin.",
    ),
    "sv": (
        "Kan inte levereras: Joulukuun kirje",
        "Ditt meddelande till aino@example.org kunde inte levereras. Försök igen senare.",
    ),
}
_EXCHANGE = {  # code -> what Exchange Online says, and what it means
    "5.1.10": ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP", HARD),
    "5.1.1": ("550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", HARD),
    "5.2.1": ("550 5.2.1 Mailbox disabled for this recipient", HARD),
    "5.2.2": ("554 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException.MapiException", SOFT),
    "5.4.1": ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [X.eur]", HARD),
    "5.4.310": ("550 5.4.310 DNS domain puuttuu.example does not exist [Message=Info]", HARD),
    "5.4.317": ("550 5.4.317 Message expired, cannot connect to remote server", SOFT),
    "5.7.1": ("550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized", US),
    "5.7.124": ("550 5.7.124 RESOLVER.RST.RestrictedToRecipientsPermission; sender not", US),
    "5.7.509": ("550 5.7.509 Access denied, sending domain does not pass DMARC", US),
    "5.1.8": ("550 5.1.8 Access denied, bad outbound sender AS(42004)", US),
    "4.4.7": ("550 4.4.7 QUEUE.Expired; message expired", SOFT),
    "5.0.350": ("550 5.0.350 Remote server returned an error -> 550 No such user here", HARD),
    "5.6.11": ("554 5.6.11 Invalid content", SOFT),
}


def _exchange() -> Iterator[Shape]:
    sender = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>"
    for language, (subject, words) in _EXCHANGE_WORDS.items():
        for code, (said, kind) in _EXCHANGE.items():
            mail = report(
                recipient(code, said, first=f"rfc822;{READER}"),
                words=words,
                subject=subject,
                sender=sender,
                mta="Reporting-MTA: dns;HE1PR01MB1234.eurprd01.prod.exchangelabs.example",
            )
            yield f"exchange {language} {code}", mail, kind, REFERENCE
        late = report(
            recipient("4.4.7", "451 4.4.7 Message delayed", action="delayed"),
            words=words,
            subject=subject,
            sender=sender,
        )
        yield f"exchange {language} delayed", late, NOTHING, ""


_POSTFIX = {
    "5.1.1": ("550 5.1.1 <aino@example.org>: Recipient address rejected: User unknown", HARD),
    "5.1.2": ("550 5.1.2 bad destination system address", HARD),
    "5.1.3": ("501 5.1.3 Bad recipient address syntax", HARD),
    "5.1.6": ("551 5.1.6 Recipient no longer on server", HARD),
    "5.2.1": ("550 5.2.1 The email account that you tried to reach is disabled", HARD),
    "5.2.2": ("552 5.2.2 The email account that you tried to reach is over quota", SOFT),
    "5.2.3": ("552 5.2.3 Message too large", SOFT),
    "5.4.4": ("Host or domain name not found. Name service error for name=x.example", HARD),
    "5.4.6": ("mail for x.example loops back to myself", SOFT),
    "5.7.1": ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using DNSBL", US),
    "5.7.26": ("550-5.7.26 This mail has been blocked because the sender is unauthenticated.", US),
    "5.1.7": ("553 5.1.7 The sender's address was rejected", US),
    "5.0.0": ("550 sorry, no mailbox here by that name", HARD),
    "5.3.4": ("552 5.3.4 Message size exceeds fixed limit", SOFT),
    "5.5.0": ("550 Requested action not taken: mailbox unavailable", HARD),
    "5.3.0": ("554 5.3.0 unspecified", SOFT),
    "5.6.1": ("554 5.6.1 Body type not supported", SOFT),
    "4.4.1": ("connect to mx.example[192.0.2.7]:25: Connection timed out", SOFT),
    "4.1.1": ("450 4.1.1 <aino@example.org>: User unknown in local recipient table", SOFT),
    "4.2.2": ("452 4.2.2 mailbox full", SOFT),
    "4.7.1": ("451 4.7.1 Greylisting in action, please come back later", SOFT),
}


def _postfix() -> Iterator[Shape]:
    words = (
        "This is the mail system at host mx.example.net.\r\n\r\nI'm sorry to have to inform you "
        "that your message could not be\r\ndelivered to one or more recipients.\r\n"
    )
    mta = "Reporting-MTA: dns; mx.example.net\nX-Postfix-Queue-ID: 4b7Xyz\nArrival-Date: Tue"
    for code, (said, kind) in _POSTFIX.items():
        yield (
            f"postfix {code}",
            report(recipient(code, said), words=words, mta=mta),
            kind,
            REFERENCE,
        )
    for action in ("delayed", "delivered", "relayed", "expanded"):
        code = "4.4.1" if action == "delayed" else "2.0.0"
        mail = report(recipient(code, "250 ok", action=action), words=words, mta=mta)
        yield f"postfix {action}", mail, NOTHING, ""
    headers = report(recipient("5.1.1", "550 5.1.1 unknown"), kind="text/rfc822-headers")
    yield "postfix headers only", headers, HARD, REFERENCE


_GMAIL = {
    "5.1.1": (
        "550-5.1.1 The email account that you tried to reach does not exist. 550 gsmtp",
        HARD,
    ),
    "5.2.1": ("550-5.2.1 The email account that you tried to reach is inactive.", HARD),
    "5.2.2": ("552-5.2.2 The recipient's inbox is out of storage space.", SOFT),
    "4.2.1": ("450-4.2.1 The user you are trying to contact is receiving mail too quickly", SOFT),
    "5.7.1": ("550-5.7.1 [192.0.2.1] Our system has detected that this message is spam", US),
    "4.7.28": ("421-4.7.28 Our system has detected an unusual rate of mail. gsmtp", SOFT),
    "5.4.4": ("DNS Error: DNS type 'mx' lookup of x.example said Domain name not found", HARD),
}


def _gmail() -> Iterator[Shape]:
    sender = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
    for code, (said, kind) in _GMAIL.items():
        mail = report(
            recipient(code, said),
            words="** Address not found **\r\n\r\nYour message wasn't delivered.",
            subject="Delivery Status Notification (Failure)",
            sender=sender,
            mta="Reporting-MTA: dns; googlemail.example\nX-Original-Message-ID: <x@y>",
        )
        yield f"gmail {code}", mail, kind, REFERENCE
    late = report(recipient("4.4.2", "timeout", action="delayed"), sender=sender)
    yield "gmail delay", late, NOTHING, ""


def _sendmail() -> Iterator[Shape]:
    words = (
        "The original message was received at Tue, 1 Dec 2026\r\n\r\n   ----- The following "
        "addresses had permanent fatal errors -----\r\n<aino@example.org>\r\n"
    )
    for code, said, kind in (
        ("5.1.1", "550 5.1.1 <aino@example.org>... User unknown", HARD),
        ("5.1.2", "550 Host unknown", HARD),
        ("5.2.2", "552 5.2.2 <aino@example.org>... Over quota", SOFT),
        ("5.0.0", "550 5.0.0 <aino@example.org>... No such recipient", HARD),
        ("5.3.0", "554 5.3.0 unknown mailer error 1", SOFT),
        ("4.4.7", "Warning: message still undelivered after 5 days", SOFT),
        ("5.7.1", "550 5.7.1 <aino@example.org>... Relaying denied", US),
    ):
        mail = report(
            recipient(code, said, first=f"rfc822;{READER}"),
            words=words,
            subject="Returned mail: see transcript for details",
            sender="Mail Delivery Subsystem <MAILER-DAEMON@mail.example.net>",
        )
        yield f"sendmail {code} {said[:9]}", mail, kind, REFERENCE


def _exim() -> Iterator[Shape]:
    intro = (
        "This message was created automatically by mail delivery software.\n\nA message that you "
        "sent could not be delivered to one or more of its\nrecipients. This is a permanent "
        "error. The following address(es) failed:\n\n"
    )
    quoted = "\n------ This is a copy of the message, including all the headers. ------\n\n"
    for name, said, kind in (
        ("unrouteable", "Unrouteable address", HARD),
        ("unknown", "550 5.1.1 User unknown", HARD),
        ("unknown plain", "host mx.example [192.0.2.1]: 550 unknown user", HARD),
        ("full", "mailbox is full: retry timeout exceeded", SOFT),
        ("timeout", "retry timeout exceeded", SOFT),
        ("blocked", "550 5.7.1 message blocked as spam by policy", US),
        ("relay", "550 relay not permitted", US),
        ("quota", "552 5.2.2 over quota", SOFT),
    ):
        top = system(
            "Mail delivery failed: returning message to sender",
            f"X-Failed-Recipients: {READER}",
            sender="Mail Delivery System <Mailer-Daemon@exim.example.net>",
        )
        body = f"{intro}  {READER}\n    {said}\n{quoted}"
        yield f"exim prose {name}", plain(top, body + original()), kind, REFERENCE
        unkeyed = body + original(keyed=False)
        yield f"exim prose {name} without key", plain(top, unkeyed), kind, "message 17"
    warning = (
        "This message was created automatically by mail delivery software.\nA message that you "
        f"sent has not yet been delivered to one or more of its\nrecipients.\n\n  {READER}\n\n"
        "No action is required on your part. Delivery attempts will continue.\n"
    )
    top = system("Warning: message 1abc delayed 24 hours", sender="Mailer-Daemon@exim.example.net")
    yield "exim warning", plain(top, warning), NOTHING, ""
    mail = report(recipient("5.0.0", "550 5.1.1 User unknown"), subject="Mail delivery failed")
    yield "exim report of today", mail, HARD, REFERENCE


def _qmail() -> Iterator[Shape]:
    intro = (
        "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to "
        "deliver your message to the following addresses.\nThis is a permanent error; I've given "
        "up. Sorry it didn't work out.\n\n"
    )
    for said, kind in (
        ("Sorry, no mailbox here by that name. (#5.1.1)", HARD),
        ("192.0.2.1 does not like recipient.\nRemote host said: 550 User unknown", HARD),
        ("Sorry, I couldn't find any host named x.example. (#5.1.2)", HARD),
        ("Recipient's mailbox is full, message returned to sender. (#5.2.2)", SOFT),
        ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", SOFT),
        ("192.0.2.1 failed after I sent the message.\nRemote host said: 554 5.7.1 spam", US),
        ("The users mailfolder is over the allowed quota (size). (#5.2.2)", SOFT),
    ):
        top = system("failure notice", sender="MAILER-DAEMON@mx.example.net")
        body = f"{intro}<{READER}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n"
        yield f"qmail {said[:24]}", plain(top, body + original()), kind, REFERENCE
        unkeyed = plain(top, body + original(keyed=False))
        yield f"qmail {said[:24]} without key", unkeyed, kind, "message 17"


def _others() -> Iterator[Shape]:
    known = "550 5.1.1 user unknown"
    for name, mail, kind in (
        (
            "ses",
            report(
                recipient("5.1.1", "550 5.1.1 The email account does not exist"),
                subject="Delivery Status Notification (Failure)",
                sender="MAILER-DAEMON@amazonses.example",
                mta="Reporting-MTA: dns; a1-1.smtp-out.example",
            ),
            HARD,
        ),
        (
            "ses gave up",
            report(recipient("4.4.7", "550 4.4.7 Message expired: unable to deliver in 840")),
            SOFT,
        ),
        (
            "ses transient that is not",
            report(recipient("5.3.0", "550 5.3.0 <aino@example.org> No such user here")),
            HARD,
        ),
        (
            "yahoo",
            report(
                recipient("5.0.0", "554 delivery error: This user doesn't have a y.example acc")
            ),
            HARD,
        ),
        ("yahoo deferred", report(recipient("4.7.0", "421 4.7.0 [TSS04] deferred")), SOFT),
        ("opensmtpd", report(recipient("5.0.0", "550 Invalid recipient", action="error")), HARD),
        ("courier", report(recipient("5.1.1", known, action="Failed (permanent)")), HARD),
        ("status with a comment", report(recipient("5.1.1 (bad mailbox)", "")), HARD),
        ("status in a mess", report(recipient("05.01.001", "")), HARD),
        ("no diagnosis, words", report(recipient("5.0.0"), words="User unknown"), HARD),
        ("no diagnosis at all", report(recipient("5.0.0"), words="Failed."), SOFT),
        ("outlook block", report(recipient("5.7.1", "550 5.7.1 (S3150) part of network")), US),
        ("block called unknown", report(recipient("5.1.1", "550 5.7.1 (S3150) blocked")), US),
        ("full called unknown", report(recipient("5.1.1", "552 5.2.2 mailbox full")), SOFT),
        ("address of null", report(recipient("5.1.10", "556 5.1.10 null MX")), HARD),
        ("vague, full", report(recipient("5.0.0", "552 mailbox full, quota exceeded")), SOFT),
        ("vague, expired", report(recipient("5.0.0", "delivery time expired")), SOFT),
        ("vague, policy", report(recipient("5.0.0", "554 rejected for policy reasons")), US),
        ("name of a spam filter", report(recipient("5.0.0", "antispam.x.fi: no such user")), HARD),
        ("address group", report(recipient("5.1.0", "550 5.1.0 Address rejected.")), HARD),
        ("sender rejected", report(recipient("5.1.0", "550 5.1.0 sender rejected")), US),
        ("full with 5.2.1", report(recipient("5.2.1", "552 5.2.1 mailbox is full")), SOFT),
        ("only action", report(f"Final-Recipient: rfc822;{READER}\nAction: failed"), SOFT),
        ("no action", report(f"Final-Recipient: rfc822;{READER}\nStatus: 5.1.1"), HARD),
        ("no action, 4.x", report(f"Final-Recipient: rfc822;{READER}\nStatus: 4.1.1"), SOFT),
        ("folded", report(recipient("5.1.1", "550 5.1.1\n  user\n  unknown")), HARD),
        ("finnish words", report(recipient("5.0.0", "550 käyttäjää ei löydy")), HARD),
        ("swedish words", report(recipient("5.0.0", "550 användaren finns inte")), HARD),
        ("french", report(recipient("5.1.1", "L'adresse n'existe pas")), HARD),
    ):
        yield name, mail, kind, REFERENCE


def _people() -> Iterator[Shape]:
    """Yield bounces that differ in what tells whom they are about."""
    bare = original(keyed=False, to="undisclosed@invalid.example")
    failed = recipient("5.1.1", "550 5.1.1 unknown")
    stranger = recipient("5.1.1", "550 5.1.1 unknown", to=MOVED)
    yield "return path", report(stranger, back="", to=f"palaa+{KEY}@example.org"), HARD, REFERENCE
    yield (
        "return path in capitals",
        report(stranger, back="", to=f"Palaa+{KEY.upper()}@example.org"),
        HARD,
        REFERENCE,
    )
    yield (
        "own header alone",
        report(stranger, back=original(mid="changed@gateway.example")),
        HARD,
        REFERENCE,
    )
    yield "id of the provider", report(stranger, back=bare), HARD, "message 17"
    yield (
        "original recipient",
        report(recipient("5.1.1", "", to=MOVED, first=f"rfc822;{READER}"), back=""),
        HARD,
        READER,
    )
    yield (
        "original recipient in xtext",
        report(recipient("5.1.1", "", to=MOVED, first="rfc822;aino+40example.org"), back=""),
        HARD,
        READER,
    )
    traced = (
        "Received: from a by b.example\n for <aino@example.org>; Tue, 1 Dec 2026 10:00:00 +0200"
    )
    yield (
        "received for",
        report(stranger, back=original(keyed=False, mid="x@y", to="x@y.example", more=traced)),
        HARD,
        READER,
    )
    hops = "Received: by c.example for <veikko@example.com>; Tue\n" + traced
    yield (
        "received for, lowest",
        report(stranger, back=original(keyed=False, mid="x@y", to="x@y.example", more=hops)),
        HARD,
        READER,
    )
    yield "final recipient", report(failed, back=""), HARD, READER
    yield "forwarded to a stranger", report(stranger, back=""), HARD, ""
    near = recipient("5.1.1", "", to="aino.@example.org")
    yield "nearly a reader", report(near, back=""), HARD, ""
    other = recipient("5.1.1", "", to="aino@mail.example.org")
    yield "reader at another host", report(other, back=""), HARD, ""
    yield (
        "sender is no recipient",
        report(stranger, back=lines(f"From: {READER}", "Message-ID: <x@y>", "Subject: x")),
        HARD,
        "",
    )
    typeless = "Final-Recipient: <aino@example.org>\nAction: failed\nStatus: 5.1.1"
    yield "without type", report(typeless, back=""), HARD, READER
    utf = recipient("5.1.1", "550 5.1.1 x", to="äinö@example.org", kind="utf-8")
    globally = report(utf, kind="message/global-headers", status="message/global-delivery-status")
    yield "in utf-8, by key", globally, HARD, REFERENCE
    yield (
        "in utf-8, by address",
        report(utf, back="", status="message/global-delivery-status"),
        HARD,
        "äinö@example.org",
    )
    escaped = recipient("5.1.1", "", to=r"\x{E4}in\x{F6}@example.org", kind="utf-8")
    yield "in utf-8, escaped", report(escaped, back=""), HARD, "äinö@example.org"
    yield "two hard of one mail", report(failed, stranger), HARD, REFERENCE
    fine = recipient("2.0.0", "", to=MOVED, action="relayed")
    yield "one of two addresses takes it", report(failed, fine), NOTHING, ""
    full = recipient("5.2.2", "552 5.2.2 full", to=FRIEND)
    yield "one of two is full", report(failed, full), SOFT, REFERENCE
    empty = joined(
        system("Undelivered Mail"),
        "multipart/report; report-type=delivery-status",
        part("text/plain", "Failed."),
        fields("Reporting-MTA: dns; mx.example.net"),
        part("message/rfc822", original()),
    )
    yield "empty report", empty, SOFT, REFERENCE
    yield (
        "key in the words alone",
        report(stranger, back="", words=f"Headers follow.\r\nMessage-ID: <{KEY}@example.org>\r\n"),
        HARD,
        REFERENCE,
    )


def _odd() -> Iterator[Shape]:
    """Yield bounces in frames that are not as they should be."""
    failed = recipient("5.1.1", "550 5.1.1 unknown")
    good = report(failed)
    yield "lines end in LF", good.replace(b"\r\n", b"\n"), HARD, REFERENCE
    yield "lines end in CR", good.replace(b"\r\n", b"\r"), HARD, REFERENCE
    yield "from a folder", b"From MAILER-DAEMON Tue Dec 1 10:00:00 2026\n" + good, HARD, REFERENCE
    yield "no closing boundary", good.rpartition(b"--=_part--")[0], HARD, REFERENCE
    yield "cut inside our mail", good[: good.rindex(b"List-Id")], HARD, REFERENCE
    wrapped = joined(
        system("Undelivered Mail Returned to Sender"),
        "multipart/mixed",
        good.decode().partition("MIME-Version: 1.0\r\n")[2],
        part("text/plain", "Scanned by a gateway.\r\n"),
        mark="=_gate",
    )
    yield "wrapped by a gateway", wrapped, HARD, REFERENCE
    mixed = good.replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed")
    yield "not called a report", mixed, HARD, REFERENCE
    yield (
        "report in base64",
        joined(
            system("Undelivered"),
            "multipart/report; report-type=delivery-status",
            part("text/plain", "Failed."),
            part(
                "message/delivery-status",
                "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7YWlub0BleGFtcGxlLm9yZwpBY3Rpb246IGZhaWxlZApTdGF0\r\n"
                "dXM6IDUuMS4xCg==\r\n",
                "Content-Transfer-Encoding: base64",
            ),
        ),
        HARD,
        READER,
    )
    yield "no type of report", good.replace(b"; report-type=delivery-status", b""), HARD, REFERENCE
    notes = head("Postmaster <postmaster@notes.example>", "DELIVERY FAILURE: User not listed")
    text = f"Your message was not delivered to:\n{READER}\nbecause:\nUser aino not listed in Book\n"
    yield "notes in prose", plain(notes, text), HARD, READER
    daemon = system("Undeliverable mail", sender="MAILER-DAEMON@old.example.net")
    yield "prose with our headers", plain(daemon, f"User unknown\n\n{original()}"), HARD, REFERENCE
    html = "<p>Delivery to &lt;aino@example.org&gt; failed:</p><p>550 5.1.1 User unknown</p>"
    page = system("Undeliverable: kirje", "Content-Type: text/html", sender="postmaster@x.example")
    yield "a page alone", (page + lines("", html)).encode(), HARD, READER
    workmail = (
        "Delivery failed.\n\nTechnical report:\n\nReporting-MTA: dsn; a1.smtp.example\n"
        f"Final-Recipient: rfc822;{READER}\nDiagnostic-Code: smtp;550 5.1.1 unknown\n"
    )
    said = system("Undelivered Mail", sender="postmaster@workmail.example")
    yield "fields in the words", plain(said, workmail), HARD, READER
    dragonfly = (
        "This is the DragonFly Mail Agent v0.13 at df.example.\n\nThere was an error delivering "
        f"your mail to <{READER}>.\n\nmx.example [192.0.2.1] said: 550 No such user here\n\n"
        "Message headers follow.\n\n"
    )
    agent = system("Mail delivery failed", sender="MAILER-DAEMON@df.example")
    yield "dragonfly", plain(agent, dragonfly + original(keyed=False)), HARD, "message 17"
    late = f"Sorry.\n\n<{READER}>:\n550 Unknown user\n\n--- Below this line is a copy.\n{API_ID}\n"
    yield (
        "prose of a daemon",
        plain(
            system("failure notice", sender="MAILER-DAEMON@q.example"),
            "Hi. This is the qmail-send program at q.example.\n" + late,
        ),
        HARD,
        READER,
    )


BOUNCES: list[Shape] = [
    *_exchange(),
    *_postfix(),
    *_gmail(),
    *_sendmail(),
    *_exim(),
    *_qmail(),
    *_others(),
    *_people(),
    *_odd(),
]
