"""Makes drafts from existing issues: for another month, or in another language."""

import datetime as dt
import re
from collections.abc import Iterator

from markdown_it.token import Token

from newsletter.content.arguments import mark_texts, take_variant
from newsletter.content.directives import match_directives
from newsletter.content.front_matter import (
    change_values,
    divide,
    drop_key,
    has_key,
    mark_values,
    set_key,
)
from newsletter.content.markdown import find_colons, parse_markdown
from newsletter.content.pattern import month_name
from newsletter.content.slots import mark_slots, restore_slots
from newsletter.language import marks_for
from newsletter.model import FRONT_TEXTS, NO_KINDS, Kinds

_HEADLINES = "subject|preheader|headline|lead"
_ALL_TEXTS = "|".join(FRONT_TEXTS)


def renew_issue(
    text: str, *, old_date: dt.date | None, date: dt.date, number: int, language: str
) -> str:
    """Return an older issue as a draft for another month.

    Date, number and the month in subject, preheader, headline and lead are new; these texts are
    marked as to be rewritten. The provider's tag is removed, as figures are counted by it; the
    rest stays.
    """
    head, body = divide(text)
    head = set_key(head, "date", date.isoformat())
    if has_key(head, "number"):
        head = set_key(head, "number", str(number))
    head = drop_key(head, "provider_tag")
    if old_date:
        head = change_values(
            head, _HEADLINES, lambda words: _other_month(words, old_date, date, language)
        )
    head = mark_values(head, _HEADLINES, marks_for(language).renew)
    return "\n".join((*head, *body))


def draft_translation(text: str, *, language: str, kinds: Kinds = NO_KINDS) -> str:
    """Return an issue as a draft in another language, each passage marked as to be translated.

    Front matter, headings, directives, links, pictures and slots stay as they are; so do arguments
    of blocks, but those that are text, by what `kinds` declare.
    """
    mark = marks_for(language).translate
    slots = mark_slots(text)
    head, body = divide(slots.text)
    if has_key(head, "lang"):
        head = set_key(head, "lang", language)
    head = mark_values(head, rf"{_ALL_TEXTS}|(?<=\s)title", mark)
    marked = "\n".join((*head, *_mark_passages(body, mark, kinds)))
    return restore_slots(marked, slots.sources)


def _other_month(words: str, old: dt.date, new: dt.date, language: str) -> str:
    """Replace the old month with another one, and the year if one follows."""
    before, after = month_name(old, language), month_name(new, language)
    # Finnish endings are attached to the name, and Swedish has words such as "junibrevet".
    ending = r"\w*" if language.startswith("fi") else r"(?:brev\w*|(?!\w))"
    for name, other in ((before, after), (before.capitalize(), after.capitalize())):
        words = re.sub(
            rf"(?<!\w){name}({ending})(\s+){old.year}\b", rf"{other}\g<1>\g<2>{new.year}", words
        )
        words = re.sub(rf"(?<!\w){name}({ending})", rf"{other}\g<1>", words)
    return words


def _mark_passages(body: list[str], mark: str, kinds: Kinds) -> list[str]:
    """Put the mark before each passage: a paragraph, a heading, an item, a row, a picture."""
    source = "\n".join(body)
    directives, _ = match_directives(find_colons(source))
    marked = list(body)
    document = parse_markdown(source, directives, {})
    explained = document.env.get("abbreviations", ())
    # A colon separates an abbreviation from its explanation.
    places = [(entry.line - 1, entry.title, "]:") for entry in explained]
    places += [(line, words, "") for line, words in _passages(document.tokens)]
    for line, words, behind in places:
        at = body[line].find(words, body[line].find(behind)) if line < len(body) else -1
        if at >= 0 and re.search(r"[^\W\d_]", words):
            at += 2 if words.startswith("![") else 0
            marked[line] = f"{body[line][:at]}{mark} {body[line][at:]}"
    for directive in directives.values():
        if kind := kinds.named(directive.name):
            variant, words = take_variant(directive.arguments, kinds.variants_of(kind.name))
            named = " ".join(filter(None, (variant, mark_texts(words, kind, mark))))
            before = body[directive.line - 1].partition(kind.name)[0]
            marked[directive.line - 1] = f"{before}{kind.name} {named}".rstrip()
    return marked


def _passages(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Yield the first line of each passage with its words; for a row of a table its first cell."""
    seen: set[int] = set()
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        if token.type != "inline":
            continue
        for offset, words in enumerate(token.content.split("\n")):
            is_new = offset == 0 or words.startswith("![")
            if is_new and line + offset not in seen and words.strip():
                seen.add(line + offset)
                yield line + offset, words.strip()
