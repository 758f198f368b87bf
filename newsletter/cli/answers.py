"""What an editor types at a question: a yes in any of the program's languages, else a no."""

import sys
from unicodedata import normalize

import click

from newsletter.cli.telling import fitted, in_words, tell
from newsletter.language import Wording, say

# Words that nobody types who means no; whatever else is typed may be one. Finnish also without its
# dots, which not every keyboard has.
YES = frozenset({"kyllä", "kylla", "k", "joo", "juu", "ja", "j", "yes", "y"})
_AROUND = " \t\r\n.!,”“\"'"
_UNCHANGED = say("Nothing was changed.")


class Declined(click.exceptions.Exit):
    """The editor said no, so what was asked for was not done."""

    def __init__(self) -> None:
        super().__init__(1)


def confirm(question: Wording) -> bool:
    """Ask for a yes, naming the word; anything else, or no answer at all, is a no."""
    asked = say("{question} Type “yes” to go on:", question=question)
    click.echo(f"{fitted(in_words(asked))} ", nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        tell()
    return is_yes(answer)


def insist(question: Wording, *, otherwise: Wording = _UNCHANGED) -> None:
    """Ask for a yes; without one, say what that means and end the command with exit code 1."""
    if not confirm(question):
        tell(otherwise)
        raise Declined


def is_yes(answer: str) -> bool:
    """Return whether an answer is a yes, in whatever language the question was asked."""
    return normalize("NFC", answer).strip(_AROUND).casefold() in YES
