"""Cases of links: slips of the pen, detours, tracking, locked doors, and words that mislead."""

from dataclasses import replace

from newsletter.model import Edition
from tests.checking.desk import ERROR, NOTE, WARNING, Case, letter

SAFE = (
    "https://eur01.safelinks.protection.outlook.com/"
    "?url=https%3A%2F%2Fwww.example.org%2Fa&data=05%7C01"
)
DEFENSE = "https://urldefense.com/v3/__https://www.example.org/a__;!!AbC!xyz$"


def links(count: int) -> str:
    """Return an issue with so many links."""
    return letter("\n".join(f"[sivu {n}](https://www.example.org/{n})" for n in range(count)))


def encode_again(edition: Edition) -> Edition:
    """Encode the address of a link once more, as a template with one filter too many does."""
    assert "?a=1&amp;b=2" in edition.html
    return replace(edition, html=edition.html.replace("?a=1&amp;b=2", "?a=1&amp;amp;b=2"))


CASES = [
    # a link is found on its own line within a paragraph
    Case(
        id="link-http", severity=WARNING, line=8,
        faulty=letter("[a](https://example.org)\n[b](https://example.com)\n[c](http://example.org)"),
        fine=letter("[c](https://example.org)"),
    ),
    # a scheme with a letter missing
    Case(
        id="link-scheme", severity=ERROR, line=7,
        faulty=letter("Hei.\n[x](htp://www.example.org)"), fine=letter("[x](https://example.org)"),
    ),
    # half of the sign behind it
    Case(
        id="link-host", severity=ERROR, line=6,
        faulty=letter("[x](https:/www.example.org)"), fine=letter("[x](https://www.example.org)"),
    ),
    # --- slips of the pen
    # a comma for a point
    Case(
        id="link-typo", severity=ERROR, line=6,
        faulty=letter("[x](https://www,example.org)"),
        fine=letter("[x](https://www.example.org/a,b)"),
    ),
    # an ending that nobody has
    Case(
        id="link-typo", severity=ERROR, line=6,
        faulty=letter("[x](https://www.example.con/a)"), fine=letter("[x](https://con.example.com)"),
    ),
    # a point missing
    Case(
        id="link-typo", severity=WARNING, line=6,
        faulty=letter("[x](https://wwwexample.org/)"), fine=letter("[x](https://www2.example.org)"),
    ),
    # the beginning twice
    Case(
        id="link-typo", severity=ERROR, line=6,
        faulty=letter("[x](https://https://www.example.org/)"),
        fine=letter("[x](https://example.org/https://example.com)"),
    ),
    # --- encoded twice, or more than the eye sees
    # copied from the source of a page
    Case(
        id="link-double-encoding", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/?a=1&amp;amp;b=2)"),
        fine=letter("[x](https://example.org/?a=1&amp;b=2)"),
    ),
    # an umlaut encoded twice
    Case(
        id="link-double-encoding", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/ty%25C3%25B6)"),
        fine=letter("[x](https://example.org/ty%C3%B6?u=https%3A%2F%2Fexample.org%2F%25C3%25B6)"),
    ),
    # copied from a raw mail
    Case(
        id="link-double-encoding", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/?a=3Db)"),
        fine=letter("[x](https://example.org/?a=b=3D)"),
    ),
    # a space that does not break
    Case(
        id="link-double-encoding", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/a\u00a0b)"),
        fine=letter("[x](https://example.org/äb)"),
    ),
    # the full stop of the sentence
    Case(
        id="link-double-encoding", severity=WARNING, line=6,
        faulty=letter("::: button https://example.org/a.\nx\n:::"),
        fine=letter("::: button https://example.org/a_(b)\nx\n:::"),
    ),
    # a template that encodes what is encoded
    Case(
        id="link-double-encoding", severity=ERROR, line=6,
        faulty=letter("[x](https://example.org/?a=1&b=2)"),
        fine=letter("[x](https://example.org/?a=1&b=2)"), spoil=encode_again,
    ),
    # --- detours
    # a shortener
    Case(
        id="link-shortener", severity=WARNING, line=6,
        faulty=letter("[x](https://bit.ly/3abc)"), fine=letter("[x](https://rabbit.ly/3abc)"),
    ),
    # copied from Outlook
    Case(
        id="link-tracking-params", severity=WARNING, line=6,
        faulty=letter(f"[x]({SAFE})"), fine=letter("[x](https://www.example.org/?url=https://a.fi)"),
    ),
    # copied from a mail behind another filter
    Case(
        id="link-tracking-params", severity=WARNING, line=6,
        faulty=letter(f"[x]({DEFENSE})"), fine=letter("[x](https://www.example.org/v3/__a__;)"),
    ),
    # copied from a network
    Case(
        id="link-tracking-params", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?a=1&fbclid=IwAR0)"),
        fine=letter("[x](https://example.org/?a=1&id=IwAR0)"),
    ),
    # campaigns that do not agree
    Case(
        id="link-tracking-params", severity=WARNING, line=7,
        faulty=letter(
            "[x](https://example.org/?utm_campaign=joulu)\n"
            "[y](https://example.org/?utm_campaign=marras)"
        ),
        fine=letter(
            "[x](https://example.org/?utm_campaign=joulu)\n"
            "[y](https://example.org/?utm_campaign=joulu&utm_content=y)"
        ),
    ),
    # a mark twice
    Case(
        id="link-tracking-params", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?utm_source=a&utm_source=a)"),
        fine=letter("[x](https://example.org/?a=1&a=2)"),
    ),
    # --- locked doors
    # a document that is being edited
    Case(
        id="link-private", severity=WARNING, line=6,
        faulty=letter("[x](https://docs.google.com/document/d/1AbC/edit?usp=sharing)"),
        fine=letter("[x](https://docs.google.com/forms/d/e/1AbC/viewform)"),
    ),
    # a file of the house
    Case(
        id="link-private", severity=WARNING, line=6,
        faulty=letter("[x](https://example.sharepoint.com/:w:/s/ryhma/Abc)"),
        fine=letter("[x](https://sharepoint.example.org/a)"),
    ),
    # a channel of the house; anybody may join a meeting
    Case(
        id="link-private", severity=WARNING, line=6,
        faulty=letter("[x](https://teams.microsoft.com/l/channel/19%3aabc/Yleinen)"),
        fine=letter("[x](https://teams.microsoft.com/l/meetup-join/19%3aabc/0)"),
    ),
    # the house's own pages
    Case(
        id="link-private", severity=WARNING, line=6,
        faulty=letter("[x](https://intra.example.org/ohje)"),
        fine=letter("[x](https://intraa.example.org/intra.html)"),
    ),
    # a page that is not published yet
    Case(
        id="link-private", severity=WARNING, line=6,
        faulty=letter("[x](https://example.org/?p=5&preview=true)"),
        fine=letter("[x](https://example.org/preview)"),
    ),
    # --- how many, how long
    Case(
        id="link-count-length", severity=NOTE, line=None, faulty=links(61), fine=links(60),
    ),
    Case(
        id="link-count-length", severity=WARNING, line=6,
        faulty=letter(f"[x](https://example.org/{'x' * 1981})"),
        fine=letter(f"[x](https://example.org/{'x' * 1980})"),
    ),
    # --- words that mislead
    # an address that is not the one it leads to
    Case(
        id="link-text-mismatch", severity=ERROR, line=7,
        faulty=letter("Hei.\n[www.example.org](https://example.com/a)"),
        fine=letter("Hei.\n[www.example.org](https://sivut.example.org/a)"),
    ),
    # within other words
    Case(
        id="link-text-mismatch", severity=ERROR, line=6,
        faulty=letter("[Katso https://example.org](https://example.com/a)"),
        fine=letter("[Katso ohje.pdf](https://example.com/a)"),
    ),
    # another way there
    Case(
        id="link-text-mismatch", severity=WARNING, line=6,
        faulty=letter("[http://example.org](https://example.org)"),
        fine=letter("[example.org/a](https://example.org/a)"),
    ),
    # a plus sign in a subject
    Case(
        id="link-mailto-tel", severity=WARNING, line=6,
        faulty=letter("[x](mailto:a@example.org?subject=Hei+vaan)"),
        fine=letter("[x](mailto:a+b@example.org?subject=Hei%20vaan)"),
    ),
    # a hidden copy
    Case(
        id="link-mailto-tel", severity=WARNING, line=6,
        faulty=letter("[x](mailto:a@example.org?Bcc=b@example.org)"),
        fine=letter("[x](mailto:a@example.org?Cc=b@example.org)"),
    ),
    # another address than the one that is shown
    Case(
        id="link-mailto-tel", severity=WARNING, line=6,
        faulty=letter("[a@example.org](mailto:b@example.org)"),
        fine=letter("[A@example.org](mailto:a@example.org)"),
    ),
    # a number without its country
    Case(
        id="link-mailto-tel", severity=WARNING, line=6,
        faulty=letter("[040 123 4567](tel:0401234567)"),
        fine=letter("[040 123 4567](tel:+358-40-1234567), [116117](tel:116117)"),
    ),
    # another number than the one that is shown
    Case(
        id="link-mailto-tel", severity=WARNING, line=6,
        faulty=letter("[040 123 4568](tel:+358401234567)"),
        fine=letter("[+358 (0)40 123 4567](tel:+358401234567)"),
    ),
    # --- letters of another alphabet
    # one of them among Latin ones
    Case(
        id="idn-mixed-script", severity=ERROR, line=6,
        faulty=letter("[x](https://ex\u0430mple.com)"), fine=letter("[x](https://esimerkki-äö.fi)"),
    ),
    # a whole name, as computers write it, that looks like the own one
    Case(
        id="idn-mixed-script", severity=ERROR, line=6,
        faulty=letter("[x](https://xn--80ak9a.org)"),
        fine=letter("[x](https://\u043f\u0440\u0438\u043c\u0435\u0440.org)"),
        settings={"from_": "Kirje <kirje@ace.org>"},
    ),
]  # fmt: skip
