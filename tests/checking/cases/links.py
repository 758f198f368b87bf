"""Cases of links: slips of the pen, detours, tracking, locked doors, and words that mislead."""

from tests.checking.desk import (
    ERROR,
    NOTE,
    WARNING,
    Case,
    in_body,
    in_html,
    letter,
)

SAFE = (
    "https://eur01.safelinks.protection.outlook.com/"
    "?url=https%3A%2F%2Fwww.example.org%2Fa&data=05%7C01"
)
DEFENSE = "https://urldefense.com/v3/__https://www.example.org/a__;!!AbC!xyz$"


def links(count: int) -> str:
    """Return an issue with so many links."""
    return letter("\n".join(f"[sivu {n}](https://www.example.org/{n})" for n in range(count)))


# As a template with one filter too many does.
ENCODED_AGAIN = in_html("?a=1&amp;b=2", "?a=1&amp;amp;b=2")

CASES = [
    # a link is found on its own line within a paragraph
    in_body("link-http", WARNING, 8,
            "[a](https://example.org)\n[b](https://example.com)\n[c](http://example.org)",
            "[c](https://example.org)"),
    # a scheme with a letter missing
    in_body("link-scheme", ERROR, 7,
            "Hei.\n[x](htp://www.example.org)", "[x](https://example.org)"),
    # half of the sign behind it
    in_body("link-host", ERROR, 6, "[x](https:/www.example.org)", "[x](https://www.example.org)"),
    # --- slips of the pen
    # a comma for a point
    in_body("link-typo", ERROR, 6,
            "[x](https://www,example.org)", "[x](https://www.example.org/a,b)"),
    # an ending that nobody has
    in_body("link-typo", ERROR, 6,
            "[x](https://www.example.con/a)", "[x](https://con.example.com)"),
    # a point missing
    in_body("link-typo", WARNING, 6,
            "[x](https://wwwexample.org/)", "[x](https://www2.example.org)"),
    # the beginning twice
    in_body("link-typo", ERROR, 6,
            "[x](https://https://www.example.org/)", "[x](https://example.org/https://example.com)"),
    # --- where it leads
    in_body("link-disguised", ERROR, 6,
            "[x](https://www.example.org@example.com/)", "[x](https://example.com/@example)"),
    # --- encoded twice, or more than the eye sees
    # copied from the source of a page
    in_body("link-double-encoding", ERROR, 6,
            "[x](https://example.org/?a=1&amp;amp;b=2)", "[x](https://example.org/?a=1&amp;b=2)"),
    # an umlaut encoded twice
    in_body("link-double-encoding", ERROR, 6,
            "[x](https://example.org/ty%25C3%25B6)",
            "[x](https://example.org/ty%C3%B6?u=https%3A%2F%2Fexample.org%2F%25C3%25B6)"),
    # copied from a raw mail
    in_body("link-double-encoding", ERROR, 6,
            "[x](https://example.org/?a=3Db)", "[x](https://example.org/?a=b=3D)"),
    # a space that does not break
    in_body("link-double-encoding", ERROR, 6,
            "[x](https://example.org/a\u00a0b)", "[x](https://example.org/äb)"),
    # the full stop of the sentence
    in_body("link-double-encoding", WARNING, 6,
            "::: button https://example.org/a.\nx\n:::",
            "::: button https://example.org/a_(b)\nx\n:::"),
    # a template that encodes what is encoded
    in_body("link-double-encoding", ERROR, 6,
            "[x](https://example.org/?a=1&b=2)",
            spoil=ENCODED_AGAIN),
    # --- detours
    # a shortener
    in_body("link-shortener", WARNING, 6,
            "[x](https://bit.ly/3abc)", "[x](https://rabbit.ly/3abc)"),
    # copied from Outlook
    in_body("link-tracking-params", WARNING, 6,
            f"[x]({SAFE})", "[x](https://www.example.org/?url=https://a.fi)"),
    # copied from a mail behind another filter
    in_body("link-tracking-params", WARNING, 6,
            f"[x]({DEFENSE})", "[x](https://www.example.org/v3/__a__;)"),
    # copied from a network
    in_body("link-tracking-params", WARNING, 6,
            "[x](https://example.org/?a=1&fbclid=IwAR0)", "[x](https://example.org/?a=1&id=IwAR0)"),
    # campaigns that do not agree
    in_body("link-tracking-params", WARNING, 7,
            "[x](https://example.org/?utm_campaign=joulu)\n"
            "[y](https://example.org/?utm_campaign=marras)",
            "[x](https://example.org/?utm_campaign=joulu)\n"
            "[y](https://example.org/?utm_campaign=joulu&utm_content=y)"),
    # a mark twice
    in_body("link-tracking-params", WARNING, 6,
            "[x](https://example.org/?utm_source=a&utm_source=a)",
            "[x](https://example.org/?a=1&a=2)"),
    # --- locked doors
    # a document that is being edited
    in_body("link-private", WARNING, 6,
            "[x](https://docs.google.com/document/d/1AbC/edit?usp=sharing)",
            "[x](https://docs.google.com/forms/d/e/1AbC/viewform)"),
    # a file of the house
    in_body("link-private", WARNING, 6,
            "[x](https://example.sharepoint.com/:w:/s/ryhma/Abc)",
            "[x](https://sharepoint.example.org/a)"),
    # a channel of the house; anybody may join a meeting
    in_body("link-private", WARNING, 6,
            "[x](https://teams.microsoft.com/l/channel/19%3aabc/Yleinen)",
            "[x](https://teams.microsoft.com/l/meetup-join/19%3aabc/0)"),
    # the house's own pages
    in_body("link-private", WARNING, 6,
            "[x](https://intra.example.org/ohje)", "[x](https://intraa.example.org/intra.html)"),
    # a page that is not published yet
    in_body("link-private", WARNING, 6,
            "[x](https://example.org/?p=5&preview=true)", "[x](https://example.org/preview)"),
    # --- how many, how long
    Case("link-count-length", NOTE, None, links(61), links(60)),
    in_body("link-count-length", WARNING, 6,
            f"[x](https://example.org/{'x' * 1981})", f"[x](https://example.org/{'x' * 1980})"),
    # --- words that mislead
    # an address that is not the one it leads to
    in_body("link-text-mismatch", ERROR, 7,
            "Hei.\n[www.example.org](https://example.com/a)",
            "Hei.\n[www.example.org](https://sivut.example.org/a)"),
    # within other words
    in_body("link-text-mismatch", ERROR, 6,
            "[Katso https://example.org](https://example.com/a)",
            "[Katso ohje.pdf](https://example.com/a)"),
    # another way there
    in_body("link-text-mismatch", WARNING, 6,
            "[http://example.org](https://example.org)", "[example.org/a](https://example.org/a)"),
    # a plus sign in a subject
    in_body("link-mailto-tel", WARNING, 6,
            "[x](mailto:a@example.org?subject=Hei+vaan)",
            "[x](mailto:a+b@example.org?subject=Hei%20vaan)"),
    # a hidden copy
    in_body("link-mailto-tel", WARNING, 6,
            "[x](mailto:a@example.org?Bcc=b@example.org)",
            "[x](mailto:a@example.org?Cc=b@example.org)"),
    # another address than the one that is shown
    in_body("link-mailto-tel", WARNING, 6,
            "[a@example.org](mailto:b@example.org)", "[A@example.org](mailto:a@example.org)"),
    # a number without its country
    in_body("link-mailto-tel", WARNING, 6,
            "[040 123 4567](tel:0401234567)",
            "[040 123 4567](tel:+358-40-1234567), [116117](tel:116117)"),
    # another number than the one that is shown
    in_body("link-mailto-tel", WARNING, 6,
            "[040 123 4568](tel:+358401234567)", "[+358 (0)40 123 4567](tel:+358401234567)"),
    # --- letters of another alphabet
    # one of them among Latin ones
    in_body("idn-mixed-script", ERROR, 6,
            "[x](https://ex\u0430mple.com)", "[x](https://esimerkki-äö.fi)"),
    # a whole name, as computers write it, that looks like the own one
    in_body("idn-mixed-script", ERROR, 6,
            "[x](https://xn--80ak9a.org)", "[x](https://\u043f\u0440\u0438\u043c\u0435\u0440.org)",
            settings={"from_": "Kirje <kirje@ace.org>"}),
]  # fmt: skip
