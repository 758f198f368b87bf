"""`::: contribute`: the appeal to send news, with its deadline and the ways to the two forms."""

import datetime as dt
from html import escape

from newsletter.content.directive_input import DirectiveError, DirectiveInput
from newsletter.language import say
from newsletter.language.phrases import Words, format_day, words_for
from newsletter.model import Block, Box, Button, Heading, Prose


def read_appeal(given: DirectiveInput) -> Box:
    """Return the appeal as a box of blocks that every look knows; the author's words are in it."""
    if given.directive.arguments:
        raise DirectiveError(
            say("nothing stands behind “contribute”"),
            say("[contributions] of newsletter.toml has the deadline, as deadline_day or deadline"),
        )
    if not all(isinstance(block, Prose) for block in given.blocks):
        raise DirectiveError(
            say("“contribute” holds text and nothing else"),
            say("put other blocks above or below it"),
        )
    line, words = given.directive.line, words_for(given.language)
    blocks: list[Block] = [Heading(line=line, level=given.level, html=words.contribute)]
    blocks += given.blocks
    if until := _until(given.appeal.until, words):
        blocks.append(Prose(line=line, html=f"<p>{escape(until, quote=False)}</p>"))
    request = f'<a href="{_way(given, "request")}">{words.contribute_request}</a>'
    return Box(
        line=line,
        blocks=(
            *blocks,
            Button(line=line, url=_way(given, "contribute"), html=words.contribute_news),
            Prose(line=line, html=f"<p>{request}</p>"),
        ),
    )


def _way(given: DirectiveInput, place: str) -> str:
    """Return where somebody is led to: a form in the language of the issue, or a mail."""
    appeal = given.appeal
    if not appeal.public_url:
        return f"mailto:{appeal.contact}"
    return f"{appeal.public_url}/{place}?lang={given.language.partition('-')[0]}"


def _until(until: dt.date | None, words: Words) -> str:
    if until is None:
        return ""
    return words.contribute_until.format(
        weekday=format_day(until, "cccc", words.language),
        day=format_day(until, words.day, words.language),
    )
