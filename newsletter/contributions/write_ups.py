"""News that somebody sent in as Markdown for an issue: their words to the letter, and no more.

No link, HTML, slot or directive of theirs works, but for the one link that the form asks for.
"""

import re
from urllib.parse import urlsplit

from newsletter.content.escaping import escape_markdown, escape_url, plain_line
from newsletter.model import Contribution
from newsletter.net import find_disguised, typed_host

_TYPED = ("title", "text", "link", "dates", "place", "name", "organisation", "picture_words")
_MANY_BLANK = re.compile(r"\n{3,}")
_BLANK = re.compile(r"\n[ \t]*\n")


def marker_of(contribution: Contribution) -> str:
    """Return the line by which a passage is found again: nobody can type one, as `<` is escaped."""
    return f"<!-- contribution {contribution.mark} -->"


def write_passage(contribution: Contribution, picture: str = "") -> str:
    """Return a contribution as a section of Markdown; `picture` is the path of its picture."""
    parts = [
        f"## {_line(contribution.title)}",
        marker_of(contribution),
        *_paragraphs(contribution.text),
    ]
    if picture:
        parts.append(f"![{_line(contribution.picture_words)}]({picture})")
    if url := escape_url(contribution.link):
        parts.append(f"[{_line(urlsplit(contribution.link.strip()).netloc)}]({url})")
    region = f" ({contribution.region})" if contribution.region else ""
    parts.append(f"*{_line(contribution.sender + region)}*")
    return "\n\n".join(parts) + "\n"


def clean_line(text: str) -> str:
    """Return what was typed on one line, without signs that nobody sees."""
    return plain_line(text)


def clean_text(text: str) -> str:
    """Return what was typed on several lines, without signs that nobody sees."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _MANY_BLANK.sub("\n\n", "\n".join(map(plain_line, lines))).strip("\n")


def is_plain_link(text: str) -> bool:
    """Return whether a text is an address of the web that does not hide where it leads."""
    return "." in typed_host(text) and bool(escape_url(text))


def find_disguises(contribution: Contribution) -> list[tuple[str, str]]:
    """Return each address in what somebody sent in that hides where it leads, and its host."""
    typed = (getattr(contribution, name) for name in _TYPED)
    return find_disguised("\n".join(typed))


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs that were typed; their lines stay lines."""
    typed = (_lines(paragraph) for paragraph in _BLANK.split(text.replace("\r\n", "\n")))
    return [paragraph for paragraph in typed if paragraph]


def _lines(paragraph: str) -> str:
    lines = (_line(line) for line in paragraph.split("\n"))
    return "\\\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return escape_markdown(plain_line(text))
