"""Cases of what settings and files may do to a mail: its sender, leaks, letters."""

from tests.checking.cases.variants import swedish
from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    Prepare,
    Spoil,
    beside,
    in_body,
    in_html,
    in_subject,
    letter,
)


def earlier(*, front: str = "", subject: str = "Marraskuu") -> Prepare:
    """Lay down the issue of the month before."""
    return beside("2026-11.md", letter("Hei.", subject=subject, date="2026-11-17", more=front))


def add_html(html: str) -> Spoil:
    """Put HTML of a template at the end of the body."""
    return in_html("</body>", f"{html}</body>")


CASES = [
    # --- headers
    # a word that cannot be folded
    in_subject("header-sizes", ERROR, "x" * 990, "x" * 989),
    # the editor's own folder
    in_body("header-leaks", WARNING, 8,
            "Hei.\n\n[x](https://example.org/?f=file:///C:/Users/aino)",
            "Hei.\n\n[x](https://example.org/home/aino)"),
    # a network within the house, in a comment of a template
    in_body("header-leaks", WARNING, None,
            "Hei.",
            spoil=add_html("<!-- built on 192.168.1.5 -->"), fine_spoil=add_html("<!-- built -->")),
    # a key in a link
    in_body("header-leaks", WARNING, 6,
            "[x](https://example.org/?api_key=0123456789abcdef)",
            "[x](https://example.org/?api_key=demo&pwd=0123456789abcdef)"),
    # --- the sender
    # a sender of one language alone
    Case("from-one-address", WARNING, 5,
         letter("Hei."), letter("Hei.", more="from: Brev <brev@example.org>\n"),
         file="2026-12.sv.md", prepare=swedish("Hej.", more="from: Brev <brev@example.org>\n")),
    # answers of one language alone
    Case("reply-to-valid", WARNING, 5,
         letter("Hei."), letter("Hei.", more="reply_to: svar@example.org\n"),
         file="2026-12.sv.md", prepare=swedish("Hej.", more="reply_to: svar@example.org\n")),
    # a free mail service
    Case("from-freemail", ERROR, 5,
         letter("Hei.", more="from: Kirje <kirje@gmail.com>\n"),
         letter("Hei.", more="from: Kirje <kirje@gmail.example.org>\n"),
         settings={"provider": "smtp"}, fine_settings={"provider": "smtp"}),
    # through which nothing is sent in a rehearsal
    Case("from-freemail", WARNING, 5,
         letter("Hei.", more="from: Kirje <kirje@gmail.com>\n"),
         letter("Hei.", more="from: Kirje <kirje@gmail.example.org>\n")),
    # answers to one
    Case("from-freemail", NOTE, 5,
         letter("Hei.", more="reply_to: kirje@hotmail.fi\n"),
         letter("Hei.", more="reply_to: kirje@example.fi\n")),
    # no name
    Case("from-display-name", WARNING, 5,
         letter("Hei.", more="from: kirje@example.org\n"),
         letter("Hei.", more="from: K <kirje@example.org>\n")),
    # an address of somebody else
    Case("from-display-name", WARNING, 5,
         letter("Hei.", more="from: Kirje kela.fi <kirje@example.org>\n"),
         letter("Hei.", more="from: Kirje example.org <kirje@example.org>\n")),
    # a mail thread
    Case("from-display-name", WARNING, 5,
         letter("Hei.", more='from: "\\"Aino (2)\\" <kirje@example.org>"\n'),
         letter("Hei.", more='from: "Aino 2 <kirje@example.org>"\n')),
    # a Cyrillic letter
    Case("from-display-name", WARNING, 5,
         letter("Hei.", more="from: Kirj\u0435 <kirje@example.org>\n"),
         letter("Hei.", more="from: Письмо Kirje <kirje@example.org>\n")),
    # a picture sign
    Case("from-display-name", WARNING, 5,
         letter("Hei.", more="from: Kirje 🎄 <kirje@example.org>\n"),
         letter("Hei.", more="from: Kirje & Co <kirje@example.org>\n")),
    # too long
    Case("from-display-name", NOTE, 5,
         letter("Hei.", more=f"from: {'x' * 41} <kirje@example.org>\n"),
         letter("Hei.", more=f"from: {'x' * 40} <kirje@example.org>\n")),
    # another sender than last month
    Case("from-stable", WARNING, 5,
         letter("Hei.", more="from: Kirje <posti@example.org>\n"),
         letter("Hei.", more="from: Kirje <Kirje@example.org>\n"),
         prepare=earlier()),
    # the usual one again
    Case("from-stable", WARNING, 5,
         letter("Hei.", more="from: Aino <kirje@example.org>\n"),
         letter("Hei.", more="from: Posti <posti@example.org>\n"),
         prepare=earlier(front="from: Posti <posti@example.org>\n")),
    # nobody reads there
    Case("reply-to-valid", WARNING, 5,
         letter("Hei.", more="reply_to: ei-vastausta@example.org\n"),
         letter("Hei.", more="reply_to: vastaukset@example.org\n")),
    # --- encodings
    # a letter that was lost
    in_body("charset-utf8", ERROR, 7, "Hei.\nTy\ufffd.", "Hei.\nTyö?"),
    # one that was read wrongly
    in_body("charset-utf8", WARNING, 7, "Hei.\nTyÃ¶tÃ¤.", "Hei.\nÃrvore, Â, â€ ja São."),
    # an apostrophe that was
    in_subject("charset-utf8", WARNING, "Suomiâ€™ssa", "5 € â"),
    # a letter made of two
    in_body("charset-utf8", WARNING, 6, "Tyo\u0308.", "Ty\u00f6."),
    # a picture that is shown but not there
    in_body("mime-tree", ERROR, None,
            "Hei.",
            spoil=add_html('<img src="cid:abc" alt="x">'),
            fine_spoil=add_html('<img src="https://example.org/a.png" alt="x">')),
]  # fmt: skip
