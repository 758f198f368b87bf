"""Mails of many mail systems, that are easily taken for what they are not."""

from collections.abc import Iterator

from tests.mailbox.bounces import HARD, NOTHING, SOFT, US, Shape
from tests.mailbox.letters import (
    FRIEND,
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
    system,
)
from tests.mailbox.others import AUTO, LEAVES, PERSON, REPLY, SPAM

OURS, BY_ID = original(), original(keyed=False)
QMAIL = "Hi. This is the qmail-send program at q.example.\n\n"


def written(sender: str, subject: str, *words: str, back: str = "") -> bytes:
    """Return what a mail system writes to people alone."""
    return plain(system(subject, sender=sender), "\n".join((*words, "", back)))


def _of_exchange() -> Iterator[Shape]:
    post = "Microsoft Outlook <postmaster@firma.example>"
    yield (
        "exchange 2010 in finnish",
        written(
            post,
            "Ei voi toimittaa: Joulukuun kirje",
            "Lähetys epäonnistui seuraaville vastaanottajille tai jakeluluetteloille:\n",
            f"{READER}\nAntamaasi sähköpostiosoitetta ei löytynyt.\n",
            f"Diagnostiikkatiedot järjestelmänvalvojille:\n\n{READER}",
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nAlkuperäisen viestin otsikot:",
            back=OURS,
        ),
        HARD,
        REFERENCE,
    )
    yield (
        "exchange 2010 in swedish",
        written(
            post,
            "Olevererbart: Joulukuun kirje",
            f"Det gick inte att leverera meddelandet till:\n\n{READER}",
            "Den e-postadress du angav kunde inte hittas.\n",
            f"{READER}\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
            back=OURS,
        ),
        HARD,
        REFERENCE,
    )
    full = f"{READER}\nVastaanottajan postilaatikko on täynnä eikä voi vastaanottaa viestejä.\n"
    yield "exchange full", written(post, "Ei voi toimittaa: x", full, back=OURS), SOFT, REFERENCE
    for language, said in {
        "finnish": "Tätä viestiä ei ole vielä toimitettu. Yrityksiä jatketaan.",
        "swedish": "Meddelandet har ännu inte levererats. Försöken fortsätter.",
        "english": "This message hasn't been delivered yet. Delivery will continue to be attempted",
    }.items():
        yield f"exchange late in {language}", written(post, "x", READER, said), NOTHING, ""
    gone = "Sähköpostitiliä ei ole siinä organisaatiossa.\n            <ex.example #5.1.1>"
    yield (
        "exchange 2003 in finnish",
        written("Järjestelmänvalvoja <x@ex.example>", "Toimittamatta: kirje", f"{READER}:\n{gone}"),
        HARD,
        READER,
    )
    unknown = f"{READER} on Tue, 1 Dec 2026\n    The recipient name is not recognized"
    yield (
        "exchange 5.5",
        written("System Administrator <x@ex.example>", "Undeliverable: kirje", unknown),
        HARD,
        READER,
    )


def _of_others() -> Iterator[Shape]:
    google = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
    late = "There was a temporary problem. Gmail will retry for 46 more hours."
    status = "Delivery Status Notification"
    yield "gmail late", written(google, f"{status} (Delay)", READER, late), NOTHING, ""
    missing = f"Your message wasn't delivered to {READER} because the address couldn't be found."
    yield "gmail in words", written(google, f"{status} (Failure)", missing), HARD, READER
    blocked = f"Your message to {READER} has been blocked.\n\n550 5.7.1 likely unsolicited mail."
    yield "gmail blocked", written(google, f"{status} (Failure)", blocked), US, READER
    deliver = f"<{READER}>:\n554: delivery error: dd This user doesn't have an account ({READER})"
    below = "--- Below this line is a copy of the message.\n"
    yahoo = written("MAILER-DAEMON@y.example", "Failure Notice", deliver, below, back=BY_ID)
    yield "yahoo in words", yahoo, HARD, "message 17"
    courier = (
        "The original message was received on Tue, 1 Dec 2026\n\n"
        f"<{READER}>:\n    mx.example [192.0.2.1]:\n>>> RCPT TO:<{READER}>\n<<< 550 User unknown."
    )
    post = '"Courier mail server at x.example" <postmaster@x.example>'
    notice = "NOTICE: mail delivery status."
    yield "courier in words", written(post, notice, courier, back=BY_ID), HARD, "message 17"
    awaited = f"could not be delivered yet. Attempts will continue.\n<{READER}>:\n<<< 450 later"
    yield "courier late", written(post, "WARNING: delayed mail.", awaited), NOTHING, ""
    transcript = (
        f"The original message was received at Tue\n\n<{READER}>\n\n"
        f">>> RCPT To:<{READER}>\n<<< 550 5.1.1 <{READER}>... User unknown\n"
    )
    unknown = "Returned mail: User unknown"
    sendmail = written("MAILER-DAEMON@s.example", unknown, transcript, back=BY_ID)
    yield "sendmail in words", sendmail, HARD, "message 17"
    undone = f"The message was undeliverable to the following:\n\t{READER} (user not found)\n"
    groupwise = written("Mailer-Daemon@gw.example", "Message status - undeliverable", undone)
    yield "groupwise", groupwise, HARD, READER
    failed = f"<-- 550 5.1.1 No such user\n--- End Transcript ---\nFailed address: {READER}\n"
    mdaemon = f"--- Session Transcript ---\n--> EHLO x\n--> RCPT To:<{READER}>\n{failed}"
    permanent = "Permanent Delivery Failure"
    session = written("MDaemon@md.example", permanent, mdaemon, back=BY_ID)
    yield "mdaemon", session, HARD, "message 17"
    html = f"<p>Your message couldn't be delivered to: {READER}</p><p>550 Invalid Recipient</p>"
    page = system("Undeliverable: x", "Content-Type: text/html", sender="postmaster@mime.example")
    yield "mimecast", (page + lines("", html)).encode(), HARD, READER
    stopped = f"Your message to: {READER}\nwas blocked by our Spam Firewall."
    barracuda = written("Spam Firewall <postmaster@b.example>", "**Message blocked**", stopped)
    yield "barracuda", barracuda, US, READER
    domino = f"was not delivered to:\n  {READER}\nbecause:\n  Router: Database disk quota exceeded"
    notes = report(recipient("5.0.0"), words=domino, sender="Postmaster@notes.example")
    yield "domino full", notes, SOFT, REFERENCE
    ndr = "The recipients are not a valid user of the system."
    yield (
        "gateway without a name",
        plain(head("ndr@x.example", "Mail delivery failed"), f"{ndr}\n\n{OURS}"),
        HARD,
        REFERENCE,
    )
    inside = report(recipient("5.1.1")).decode()
    attached = joined(
        system("Delivery Status Notification (Failure)", sender="postmaster@gate.example"),
        "multipart/mixed; report-type=delivery-status",
        part("message/rfc822", inside),
        mark="=_gate",
    )
    yield "attached by a gateway", attached, HARD, REFERENCE
    asked = attached.replace(b"Subject: Delivery", b"Subject: VL: Delivery")
    yield "attached by a postmaster who asks", asked, SOFT, REFERENCE


def _of_exim_and_qmail() -> Iterator[Shape]:
    for name, said, kind in (
        ("callout", "550-Callback setup failed while verifying <x@y>\n    550 Sender verify", US),
        ("no host", "all relevant MX records point to non-existent hosts", HARD),
        ("hung up", "Remote host closed connection in response to end of data", SOFT),
        ("no route", "host mx.example [192.0.2.1]: No route to host", SOFT),
        ("unverified", f"450 4.1.1 <{READER}>: User unknown: retry timeout exceeded", SOFT),
    ):
        top = system("Mail delivery failed", f"X-Failed-Recipients: {READER}")
        body = f"  {READER}\n    {said}\n\n------ This is a copy ------\n\n{OURS}"
        yield f"exim, {name}", plain(top, body), kind, REFERENCE
    for name, said, kind in (
        ("locked", "vdelivermail: account is locked email bounced", SOFT),
        ("no relay", "Remote host said: 553 that domain isn't in my list of allowed rcpthosts", US),
        ("no longer", "This address no longer accepts mail.", HARD),
        ("dns", "CNAME lookup failed temporarily. (#4.4.3)", SOFT),
    ):
        body = f"{QMAIL}<{READER}>:\n{said}\n\n--- Below this line is a copy.\n\n{OURS}"
        yield f"qmail, {name}", plain(system("failure notice"), body), kind, REFERENCE


def _of_odd_fields() -> Iterator[Shape]:
    to = f"Final-Recipient: rfc822;{READER}\nAction: failed"
    local = to.replace("rfc822", "LOCAL")
    for name, fields, kind in (
        ("code in the diagnosis", f"{to}\nDiagnostic-Code: smtp;550 5.1.1 x", HARD),
        ("half a status", f"{to}\nStatus: 5.1\nDiagnostic-Code: smtp; 550 unknown user", HARD),
        ("reply and status", f"{to}\nStatus: 550 5.1.1", HARD),
        ("type in capitals", f"{local}\nStatus: 5.1.1", HARD),
        ("delivered all the same", recipient("5.1.1", "", action="delivered"), NOTHING),
        ("late with a code of failure", recipient("5.4.7", "x", action="delayed"), NOTHING),
        ("refused for now", recipient("5.1.1", "450 greylisted, try again"), SOFT),
        ("nobody, called a policy", recipient("5.7.1", "550 5.7.1 No such user!"), HARD),
        ("no answer", recipient("5.4.1", "No answer from host"), SOFT),
        ("refused at data", recipient("5.0.0", "host mx.example said: 554 rejected"), SOFT),
        ("too much in an hour", recipient("5.2.122", "554 5.2.122 limit of messages"), SOFT),
    ):
        yield f"fields: {name}", report(fields), kind, REFERENCE


def _that_are_no_bounces() -> Iterator[Shape]:
    told = f"{QMAIL}<{FRIEND}>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
    listed = ("Sender: x-bounces@lists.example", "List-Id: <x.lists.example>")
    yield "sent on by a list", plain(head(PERSON, "Fwd: failure notice", *listed), told), REPLY, ""
    for program in ("X-Mailer: Apple Mail (2.3774)", "X-Originating-IP: [192.0.2.1]"):
        top = head(PERSON, "Returned mail: what is this?", program)
        yield f"asks with {program}", plain(top, told), REPLY, ""
    read = part(
        "message/disposition-notification",
        lines(f"Final-Recipient: rfc822;{READER}", "Disposition: manual-action; displayed"),
    )
    for name, to in {"us": "uutiskirje@example.org", "the key to leave": PLUS}.items():
        top = head(PERSON, "Luettu: kirje", to=to)
        receipt = joined(top, "multipart/mixed", part("text/plain", "Luettu"), read)
        yield f"receipt of Outlook to {name}", receipt, NOTHING, ""
    for sender, subject in (
        ("noreply@google.example", "Report domain: example.org Submitter: google.example"),
        ("d@ms.example", "[Preview] Report Domain: example.org Submitter: ms.example Report-ID: a"),
        ("d@mail.example", "Report Domain: example.org; Submitter: mail.example; Report-ID: 1"),
    ):
        top = head(sender, subject, "Content-Type: application/gzip")
        yield f"dmarc, {subject[:12]}, of {sender}", (top + lines("", "x")).encode(), NOTHING, ""
    yield (
        "person who asks about a report",
        plain(head(PERSON, "Report of domain names"), "?"),
        REPLY,
        "",
    )
    quota = plain(head("Postmaster <postmaster@example.org>", "Mailbox almost full"), "95 %")
    yield "our own mailbox is nearly full", quota, REPLY, ""


def _of_machines_for_people() -> Iterator[Shape]:
    words = f"{READER} no longer works here. 550 5.1.1 user unknown. Unsubscribe."
    for subject in (
        "Automaattinen poissaoloilmoitus: kirje",
        "Lomailmoitus: kirje",
        "Vuosilomalla 1.7.-31.7. Re: kirje",
        "Jag är tjänstledig",
        "Semester Re: brev",
    ):
        yield f"away: {subject}", plain(head(PERSON, subject, to=UNSUBSCRIBE), words), AUTO, ""
    box = head("Aino <postmaster@example.org>", "Re: kirje", "X-Autoreply: yes", to=PLUS)
    yield "away: who is postmaster", plain(box, words), AUTO, ""
    generated = ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All")
    for more in (generated, ("X-Auto-Response-Suppress: OOF, AutoReply", "Precedence: bulk")):
        mail = plain(head(PERSON, f"Peruuta {LEAVING}", *more, to=PLUS), "")
        yield f"leaves: says {more[0]}", mail, LEAVES, SUBSCRIBER
        answer = plain(head(PERSON, "VS: kirje", *more, to=PLUS), "")
        yield f"answers a key: says {more[0]}", answer, AUTO, ""


def _of_complaints() -> Iterator[Shape]:
    yield "arf abuse; with more", complaint("abuse; x=y"), SPAM, REFERENCE
    top = head("staff@hotmail.com", "complaint about message from 192.0.2.1")
    alone = f"{top}Content-Type: message/rfc822\r\n\r\nX-HmXmrOriginalRecipient: {READER}\r\n{OURS}"
    yield "hotmail's mail alone", alone.encode(), SPAM, REFERENCE


SYSTEMS: list[Shape] = [
    *_of_exchange(),
    *_of_others(),
    *_of_exim_and_qmail(),
    *_of_odd_fields(),
    *_that_are_no_bounces(),
    *_of_machines_for_people(),
    *_of_complaints(),
]
