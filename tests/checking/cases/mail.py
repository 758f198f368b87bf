"""Cases of the final bytes: headers, sender, recipients, encodings."""

import re
from dataclasses import replace
from pathlib import Path

from newsletter.model import Edition
from tests.checking.desk import ERROR, NOTE, WARNING, Case, Prepare, Spoil, Tamper, letter

PUBLIC = {"public_url": "https://news.example.org"}
PICTURE = "![Kuva](p.png)"
LONG_URL = "https://news.example.org/u/" + "x" * 78
# A word of 40 letters, each of two bytes in UTF-8.
UMLAUTS = "ä" * 40
SUBJECT = r"^Subject: =(.|\r\n )*?=\r\n(?! )"  # a whole header of encoded words


def swap(pattern: str, new: str) -> Tamper:
    """Replace what a pattern finds in the message, which must be there."""

    def change(raw: bytes) -> bytes:
        changed, count = re.subn(pattern.encode(), lambda _: new.encode(), raw, flags=re.M)
        assert count
        return changed

    return change


def earlier(*, front: str = "", subject: str = "Marraskuu") -> Prepare:
    """Lay down the issue of the month before."""

    def lay(folder: Path) -> None:
        text = letter("Hei.", subject=subject, more=front).replace("2026-12-15", "2026-11-17")
        (folder / "2026-11.md").write_text(text, encoding="utf-8")

    return lay


def only_with(words: bytes, change: Tamper) -> Tamper:
    """Change only the messages that hold some words."""
    return lambda raw: change(raw) if words in raw else raw


def add_html(html: str) -> Spoil:
    """Put HTML of a template at the end of the body."""

    def add(edition: Edition) -> Edition:
        return replace(edition, html=edition.html.replace("</body>", f"{html}</body>"))

    return add


CASES = [
    # --- headers
    # two subjects
    Case(
        id="header-single-instance", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Subject: ", "subject: x\r\nSubject: "),
        fine_tamper=swap(r"^Subject: ", "X-Subject: x\r\nSubject: "),
    ),
    # none
    Case(
        id="header-single-instance", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Reply-To: ", "X-Reply-To: "),
    ),
    # no such day
    Case(
        id="date-header", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Date: Tue", "Date: Wed"),
    ),
    # two days ago
    Case(
        id="date-header", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Date: .*$", "Date: Sun, 13 Dec 2026 12:00:00 +0000\r"),
        fine_tamper=swap(r"^Date: .*$", "Date: Mon, 14 Dec 2026 12:00:00 +0200\r"),
    ),
    # a machine of the house
    Case(
        id="message-id", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Message-ID: <.*>", "Message-ID: <0123456789abcdef@mac.local>"),
        fine_tamper=swap(r"^Message-ID: <.*>", "Message-ID: <0123456789abcdef@local.fi>"),
    ),
    # one that could be guessed
    Case(
        id="message-id", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Message-ID: <.*>", "Message-ID: <0123456789abcde@example.org>"),
    ),
    # no way out in the headers
    Case(
        id="list-unsubscribe", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^List-Unsubscribe: ", "X-Unsubscribe: "),
    ),
    # a page without encryption
    Case(
        id="list-unsubscribe", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^List-Unsubscribe: .*$", "List-Unsubscribe: <http://example.org/u>\r"),
        fine_tamper=swap(
            r"^List-Unsubscribe: .*$",
            "List-Unsubscribe: <https://example.org/u>,\r\n <mailto:a@example.org>\r",
        ),
        settings=PUBLIC, fine_settings=PUBLIC,
    ),
    # one click promised that only a mail can do
    Case(
        id="list-unsubscribe-post", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(
            r"^MIME-Version", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version"
        ),
    ),
    # one click written wrong
    Case(
        id="list-unsubscribe-post", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(
            r"^List-Unsubscribe: .*$",
            "List-Unsubscribe: <https://example.org/u>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=one-click\r",
        ),
        fine_tamper=swap(
            r"^List-Unsubscribe: .*$",
            "List-Unsubscribe: <https://example.org/u>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r",
        ),
    ),
    # a list without a name
    Case(
        id="list-id", severity=WARNING, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^List-Id: <.*>", "List-Id: <kirje>"),
        fine_tamper=swap(r"^List-Id: <.*>", "List-Id: Kirje <kirje.example.org>"),
    ),
    # that of another list
    Case(
        id="list-id", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei.", more="from: Posti <posti@example.org>\n"),
        tamper=swap(r"^List-Id: <.*>", "List-Id: <posti.example.org>"),
    ),
    # what Python's serializer does to a long address
    Case(
        id="structured-header-encoded-word", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(
            r"^List-Unsubscribe: .*$",
            f"List-Unsubscribe: =?utf-8?q?=3C{LONG_URL.replace('/', '=2F')}=3E?=\r",
        ),
        fine_tamper=swap(r"^List-Unsubscribe: .*$", f"List-Unsubscribe: <{LONG_URL}>\r"),
    ),
    # an address, not a name, in encoded words
    Case(
        id="structured-header-encoded-word", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Reply-To: .*$", "Reply-To: =?utf-8?q?a=40example=2Eorg?=\r"),
        fine_tamper=swap(r"^Reply-To: .*$", "Reply-To: =?utf-8?q?=C3=84?= <a@example.org>\r"),
    ),
    # a header out of a name
    Case(
        id="header-injection", severity=ERROR, line=None,
        faulty=letter('Hei {{ name|"sinä" }}!'), fine=letter('Hei {{ name|"sinä" }}!'),
        tamper=only_with(b"7*7", swap(r"^MIME-Version", "Bcc: x@example.org\r\nMIME-Version")),
    ),
    # a name that turns the text round
    Case(
        id="header-injection", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Subject: ", "Subject: =?utf-8?q?=E2=80=AE?= "),
        fine_tamper=swap(r"^Subject: ", "Subject: =?utf-8?q?=C3=84?= "),
    ),
    # a word that cannot be folded
    Case(
        id="header-sizes", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="x" * 990), fine=letter("Hei.", subject="x" * 989),
    ),
    # the editor's own folder
    Case(
        id="header-leaks", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n[x](https://example.org/?f=file:///C:/Users/aino)"),
        fine=letter("Hei.\n\n[x](https://example.org/home/aino)"),
    ),
    # a machine within the house, in a header
    Case(
        id="header-leaks", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^MIME-Version", "X-Mailer: kirje on pc7.local\r\nMIME-Version"),
        fine_tamper=swap(r"^MIME-Version", "X-Mailer: kirje 2.0.1.7 on local\r\nMIME-Version"),
    ),
    # a network within the house, in a comment of a template
    Case(
        id="header-leaks", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html("<!-- built on 192.168.1.5 -->"), fine_spoil=add_html("<!-- built -->"),
    ),
    # a key in a link
    Case(
        id="header-leaks", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?api_key=0123456789abcdef)"),
        fine=letter("[x](https://example.org/?api_key=demo&pwd=0123456789abcdef)"),
    ),
    # --- the sender
    # two addresses
    Case(
        id="from-one-address", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^From: .*$", "From: a@example.org, b@example.org\r"),
        fine_tamper=swap(r"^From: .*$", 'From: "A, B" <b@example.org>\r'),
    ),
    # a comma that one parser takes for the end of an address
    Case(
        id="from-one-address", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^From: .*$", "From: A, B <b@example.org>\r"),
    ),
    # a free mail service
    Case(
        id="from-freemail", severity=ERROR, line=5,
        faulty=letter("Hei.", more="from: Kirje <kirje@gmail.com>\n"),
        fine=letter("Hei.", more="from: Kirje <kirje@gmail.example.org>\n"),
    ),
    # answers to one
    Case(
        id="from-freemail", severity=NOTE, line=5,
        faulty=letter("Hei.", more="reply_to: kirje@hotmail.fi\n"),
        fine=letter("Hei.", more="reply_to: kirje@example.fi\n"),
    ),
    # no name
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: kirje@example.org\n"),
        fine=letter("Hei.", more="from: K <kirje@example.org>\n"),
    ),
    # an address of somebody else
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje kela.fi <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje example.org <kirje@example.org>\n"),
    ),
    # a mail thread
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more='from: "\\"Aino (2)\\" <kirje@example.org>"\n'),
        fine=letter("Hei.", more='from: "Aino 2 <kirje@example.org>"\n'),
    ),
    # a Cyrillic letter
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirj\u0435 <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Письмо Kirje <kirje@example.org>\n"),
    ),
    # a picture sign
    Case(
        id="from-display-name", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje 🎄 <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje & Co <kirje@example.org>\n"),
    ),
    # a sign that turns the text round
    Case(
        id="from-display-name", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^From: .*$", "From: =?utf-8?q?Kirje=E2=80=AE?= <kirje@example.org>\r"),
        fine_tamper=swap(r"^From: .*$", "From: =?utf-8?q?Kirj=C3=A9?= <kirje@example.org>\r"),
    ),
    # too long
    Case(
        id="from-display-name", severity=NOTE, line=5,
        faulty=letter("Hei.", more=f"from: {'x' * 41} <kirje@example.org>\n"),
        fine=letter("Hei.", more=f"from: {'x' * 40} <kirje@example.org>\n"),
    ),
    # another sender than last month
    Case(
        id="from-stable", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Kirje <posti@example.org>\n"),
        fine=letter("Hei.", more="from: Kirje <Kirje@example.org>\n"), prepare=earlier(),
    ),
    # the usual one again
    Case(
        id="from-stable", severity=WARNING, line=5,
        faulty=letter("Hei.", more="from: Aino <kirje@example.org>\n"),
        fine=letter("Hei.", more="from: Posti <posti@example.org>\n"),
        prepare=earlier(front="from: Posti <posti@example.org>\n"),
    ),
    # nobody reads there
    Case(
        id="reply-to-valid", severity=WARNING, line=5,
        faulty=letter("Hei.", more="reply_to: ei-vastausta@example.org\n"),
        fine=letter("Hei.", more="reply_to: vastaukset@example.org\n"),
    ),
    # half an address
    Case(
        id="reply-to-valid", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Reply-To: .*$", "Reply-To: toimitus\r"),
    ),
    # somebody else's copy
    Case(
        id="recipient-exposure", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^To: .*$", "To: <reader@example.org>, <reader@example.org>\r"),
    ),
    # an address that is in nobody's data
    Case(
        id="recipient-exposure", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Kysy: bo@example.org ja [x](mailto:bo%40example.org)."),
        tamper=swap(r"Hei\.", "Hei bo@example.org."),
    ),
    # --- encodings
    # a part that says it is in another one
    Case(
        id="charset-utf8", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap('text/plain; charset="utf-8"', 'text/plain; charset="iso-8859-1"'),
        fine_tamper=swap('text/plain; charset="utf-8"', "text/plain; charset=UTF-8"),
    ),
    # half a letter
    Case(
        id="charset-utf8", severity=ERROR, line=None,
        faulty=letter("Hei ä."), fine=letter("Hei ä."),
        tamper=swap("Hei =C3=A4\\.\r\n", "Hei =C3.\r\n"),
    ),
    # a letter that was lost
    Case(
        id="charset-utf8", severity=ERROR, line=7,
        faulty=letter("Hei.\nTy\ufffd."), fine=letter("Hei.\nTyö?"),
    ),
    # one that was read wrongly
    Case(
        id="charset-utf8", severity=WARNING, line=7,
        faulty=letter("Hei.\nTyÃ¶tÃ¤."), fine=letter("Hei.\nÃrvore, Â, â€ ja São."),
    ),
    # an apostrophe that was
    Case(
        id="charset-utf8", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Suomiâ€™ssa"), fine=letter("Hei.", subject="5 € â"),
    ),
    # a letter made of two
    Case(
        id="charset-utf8", severity=WARNING, line=6,
        faulty=letter("Tyo\u0308."), fine=letter("Ty\u00f6."),
    ),
    # a bare equals sign
    Case(
        id="cte-valid", severity=ERROR, line=None,
        faulty=letter("1 + 1 = 2"), fine=letter("1 + 1 = 2"),
        tamper=swap("1 \\+ 1 =3D 2\r\n", "1 + 1 = 2\r\n"),
    ),
    # no header may hold such a letter
    Case(
        id="cte-valid", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Subject: Joulukuu", "Subject: Jäätikkö"),
    ),
    # a picture that is none
    Case(
        id="cte-valid", severity=ERROR, line=None, faulty=letter(PICTURE), fine=letter(PICTURE),
        tamper=swap(r"^iVBOR", "iV*OR"),
    ),
    # a line that servers cut
    Case(
        id="line-length", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Hei\.", "x" * 999), fine_tamper=swap(r"^Hei\.", "x" * 998),
    ),
    # a bare line feed
    Case(
        id="crlf", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\n"),
    ),
    # a picture that nobody sees
    Case(
        id="mime-tree", severity=ERROR, line=None, faulty=letter(PICTURE), fine=letter(PICTURE),
        tamper=swap("image/png", "video/mp4"),
    ),
    # HTML before text
    Case(
        id="mime-tree", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap("text/plain", "text/html"),
    ),
    # a picture that is shown but not there
    Case(
        id="mime-tree", severity=ERROR, line=None, faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html('<img src="cid:abc" alt="x">'),
        fine_spoil=add_html('<img src="https://example.org/a.png" alt="x">'),
    ),
    # one boundary that begins like another
    Case(
        id="mime-tree", severity=ERROR, line=None, faulty=letter(PICTURE), fine=letter(PICTURE),
        tamper=lambda raw: re.sub(rb"=_r([0-9a-f]+)", rb"=_\1_r", raw),
    ),
    # a word that changes on the way
    Case(
        id="roundtrip", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        tamper=swap(r"^Hei\.", "Moi."), fine_tamper=swap(r"^Hei\.", "=48ei."),
    ),
    # an encoded word that is too long
    Case(
        id="subject-encoding", severity=ERROR, line=2,
        faulty=letter("Hei.", subject=UMLAUTS), fine=letter("Hei.", subject=UMLAUTS),
        tamper=swap(SUBJECT, f"Subject: =?utf-8?q?{'=C3=A4' * 40}?=\r\n"),
        fine_tamper=swap(
            SUBJECT, "Subject: " + "\r\n ".join([f"=?utf-8?q?{'=C3=A4' * 10}?="] * 4) + "\r\n"
        ),
    ),
    # a letter divided between two
    Case(
        id="subject-encoding", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="ä"), fine=letter("Hei.", subject="ä"),
        tamper=swap(r"^Subject: .*$", "Subject: =?utf-8?q?=C3?= =?utf-8?q?=A4?=\r"),
        fine_tamper=swap(r"^Subject: .*$", "Subject: =?UTF-8?B?w6Q=?=\r"),
    ),
    # another subject
    Case(
        id="subject-encoding", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Jää"), fine=letter("Hei.", subject="Jää"),
        tamper=swap(r"^Subject: .*$", "Subject: =?utf-8?q?J=C3=A4a?=\r"),
    ),
]  # fmt: skip
