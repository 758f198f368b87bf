"""What a directive is read from, and the error that says what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.content.directives import Directive
from newsletter.language import Wording
from newsletter.model import NO_APPEAL, NO_KINDS, Appeal, Block, Kinds, Occasion, Prose


class DirectiveError(Exception):
    """A directive lacks something, or contains what it cannot show."""

    def __init__(self, message: Wording, hint: Wording) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveInput:
    """The input from which a directive is read."""

    directive: Directive
    parts: tuple[tuple[Block, ...], ...]  # the content; only columns have several parts
    occasions: Mapping[str, Occasion]  # those of the front matter, by name
    level: int  # the level of a heading here
    is_empty: bool = False  # whether nothing at all stands between the colons
    kinds: Kinds = NO_KINDS  # what the newsletter adds to those below
    language: str = ""  # of the issue
    appeal: Appeal = NO_APPEAL  # where readers are asked to send news
    type_: str = ""  # the language in whose type arguments are set; empty leaves them to the letter

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the whole content."""
        return self.parts[0] if self.parts else ()

    @property
    def joined(self) -> str:
        """Return the HTML of all running text in it."""
        return "\n".join(block.html for block in self.blocks if isinstance(block, Prose))


def paragraphs_in(given: DirectiveInput) -> list[str] | None:
    """Return the inline HTML of each paragraph inside, or None if there is anything else."""
    found = []
    for block in given.blocks:
        html = block.html.strip() if isinstance(block, Prose) else ""
        if not html.startswith("<p>") or html.count("<p>") != 1 or not html.endswith("</p>"):
            return None
        found.append(html.removeprefix("<p>").removesuffix("</p>"))
    return found


def only_paragraph_in(given: DirectiveInput) -> str | None:
    """Return the inline HTML of a directive that contains one paragraph, or None."""
    paragraphs = paragraphs_in(given) or []
    return paragraphs[0] if len(paragraphs) == 1 else None
