"""Checks that every letter is intact, and every picture is in the mail."""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, one_per_variant
from newsletter.model import Finding, Rule

_CID = re.compile(r"""["'(]cid:([^"')]+)""")


CHARSET_UTF8 = Rule(
    id="charset-utf8",
    summary="Text is UTF-8 whose letters are whole",
    source="RFC 6532; Unicode, annex 15",
)


@checks(CHARSET_UTF8)
def check_charset(draft: Draft) -> Iterator[Finding]:
    """Each letter is one character, and none was decoded wrongly before."""
    for number, line in enumerate(draft.source.split("\n"), 1):
        if line.isascii():
            continue
        if "\ufffd" in line:
            yield CHARSET_UTF8.error(
                "a letter was lost here: the sign “�” is in its place",
                "write the letter again",
                line=number,
            )
        elif mangled := MANGLED.search(line):
            yield CHARSET_UTF8.warning(
                "“{word}” was once read in the wrong encoding",
                "write its letters again",
                line=number,
                word=_word_around(line, mangled.start()),
            )
        elif not unicodedata.is_normalized("NFC", line):
            at = next(n for n, letter in enumerate(line) if unicodedata.combining(letter))
            yield CHARSET_UTF8.warning(
                "a letter of “{word}” is made of two characters; searching does not find the "
                "word, and some programs show its dots beside the letter",
                "write the word again; text copied from a PDF often is like that",
                line=number,
                word=_word_around(line, at),
            )


MIME_TREE = Rule(
    id="mime-tree",
    summary="Each picture that is shown inside the mail is carried by it",
    source="RFC 2392",
)


@checks(MIME_TREE)
def check_carried(draft: Draft) -> Iterator[Finding]:
    """No page shows a picture by a Content-ID that nothing in the mail has."""
    for specimen in one_per_variant(draft):
        carried = {picture.digest for picture in specimen.edition.pictures}
        for id in sorted(set(_CID.findall(specimen.html)) - carried):
            yield MIME_TREE.error(
                "the picture {id} is shown but not carried",
                "write the address of the picture, or name a file beside the issue",
                id=id[:12],
            )


# What UTF-8 looks like when read as Windows-1252: “Ã¤” for “ä”, “â€™” for “’”, “Â°” for “°”.
MANGLED = re.compile(
    r"Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    r"\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    r"|â€[\u0080-\u00bf\u0153\u02dc\u2013-\u2122]|Â[\u00a0-\u00bf]"
)


def _word_around(line: str, at: int) -> str:
    start = max(line.rfind(sign, 0, at) for sign in " \t\"“”'(:") + 1
    return re.split(r"[\s\"”'),.:;]", line[start:], maxsplit=1)[0][:40]
