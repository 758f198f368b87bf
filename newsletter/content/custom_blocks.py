"""Reads the blocks of a newsletter's own, each as its declaration says."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from newsletter.content.arguments import read_arguments
from newsletter.content.directive_input import DirectiveError, DirectiveInput, only_paragraph_in
from newsletter.language import say
from newsletter.model import BlockKind, Custom, Image, Prose


def read_custom(given: DirectiveInput, kind: BlockKind, variants: Sequence[str]) -> Custom:
    """Return a block of a declared kind; raise DirectiveError for what it does not take."""
    directive, language = given.directive, given.language
    if kind.words and not kind.speaks(language):
        raise DirectiveError(
            say("“{name}” has no words in “{language}”", name=kind.name, language=language),
            say(
                "add a table [words.{language}] to blocks/{name}.toml",
                language=language,
                name=kind.name,
            ),
        )
    block = Custom(
        line=directive.line,
        declared=kind,
        level=given.level,
        words=kind.words_in(language),
        given=read_arguments(
            directive.arguments, kind, line=directive.line, type_=given.type_, variants=variants
        ),
    )
    return _HOLDERS[kind.holds](given, block)


def _holding_nothing(given: DirectiveInput, block: Custom) -> Custom:
    if given.blocks:
        raise DirectiveError(
            say(
                "“{name}” holds nothing, but there is something between its colons", name=block.kind
            ),
            say("write it above or below the block"),
        )
    return block


def _holding_line(given: DirectiveInput, block: Custom) -> Custom:
    html = only_paragraph_in(given)
    if html is None:
        raise DirectiveError(
            say("“{name}” holds one paragraph", name=block.kind),
            say("write it on the line below the name, and nothing else"),
        )
    return replace(block, html=html)


def _holding_text(given: DirectiveInput, block: Custom) -> Custom:
    if not given.blocks or not all(isinstance(inner, Prose) for inner in given.blocks):
        raise DirectiveError(
            say("“{name}” holds text: paragraphs and lists, and nothing else", name=block.kind),
            say("put other blocks above or below it"),
        )
    return replace(block, html=given.joined)


def _holding_picture(given: DirectiveInput, block: Custom) -> Custom:
    first, *rest = given.blocks or (None,)
    if not isinstance(first, Image) or not all(isinstance(inner, Prose) for inner in rest):
        raise DirectiveError(
            say("“{name}” holds a picture and text", name=block.kind),
            say(
                "begin with ![what it shows](2026-12/picture.jpg) on a line of its own, then, below"
                " an empty line, the text"
            ),
        )
    return replace(block, image=first, html=given.joined)


def _holding_blocks(given: DirectiveInput, block: Custom) -> Custom:
    if given.is_empty:
        raise DirectiveError(
            say("nothing is between the colons of “{name}”", name=block.kind),
            say("write what it is to hold on the lines below its name"),
        )
    return replace(block, blocks=given.blocks)


_HOLDERS: dict[str, Callable[[DirectiveInput, Custom], Custom]] = {
    "nothing": _holding_nothing,
    "line": _holding_line,
    "text": _holding_text,
    "picture and text": _holding_picture,
    "blocks": _holding_blocks,
}
