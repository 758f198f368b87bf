"""How much an issue may contain: far more than any reader reads, and little enough to be quick."""

from collections import Counter
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from newsletter.language import say
from newsletter.model import Finding, rules

LINES = 20_000
LENGTH = 100_000  # characters of a line
_DIVIDE = say("divide the issue, or link to a page that has it all")
# Tokens of Markdown, and the message if an issue has more of them.
_MOST = {
    "link_open": say("an issue has {most:,} links at most; this is one more", most=5_000),
    "image": say("an issue has {most:,} pictures at most; this is one more", most=500),
    "footnote_ref": say(
        "an issue refers to {most:,} footnotes at most; this is one more", most=2_000
    ),
    "td_open": say("an issue has {most:,} cells of tables at most; this is one more", most=20_000),
    "directive_open": say(
        "an issue has {most:,} blocks between colons at most; this is one more", most=2_000
    ),
}


def find_overlong(text: str) -> Finding | None:
    """Return why a file is too long to be an issue, before it is read further."""
    lines = text.split("\n")
    if len(lines) > LINES:
        return rules.ISSUE_SIZE.error(
            "an issue has {most:,} lines at most", _DIVIDE, line=LINES + 1, most=LINES
        )
    for number, line in enumerate(lines, 1):
        if len(line) > LENGTH:
            return rules.ISSUE_SIZE.error(
                "this line has {count:,} characters; it may have {most:,}",
                "begin new lines and paragraphs",
                line=number,
                count=len(line),
                most=LENGTH,
            )
    return None


def find_surplus(tokens: Sequence[Token]) -> Iterator[Finding]:
    """Yield for each kind that an issue has too many of, the first one too many."""
    counts: Counter[str] = Counter()
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        for one in (token, *(token.children or ())):
            counts[one.type] += 1
            message = _MOST.get(one.type)
            if message and counts[one.type] - 1 == message.values["most"]:
                yield rules.ISSUE_SIZE.error(message, _DIVIDE, line=line)
