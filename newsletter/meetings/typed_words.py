"""What is typed of somebody who takes part, as it is kept: without signs that nobody sees."""

from collections.abc import Mapping

# The most characters of each field, and of an answer.
LONGEST: Mapping[str, int] = {"name": 100, "badge": 60, "organisation": 100, "needs": 500}
LONGEST_ANSWER = 1000


def clean_line(text: str) -> str:
    """Return what was typed on one line."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Return what was typed on one line or several, which end alike."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_seen, lines)).strip()


def _seen(sign: str) -> str:
    """Return a sign as it is seen: spaces of all kinds as one, what turns or hides text not."""
    if sign.isprintable() or sign == "\n":
        return sign
    return " " if sign.isspace() else ""
