"""Checks that a translation is translated, paragraph by paragraph."""

from collections.abc import Iterator

from newsletter.checking.instruments import (
    COMMON,
    LANGUAGE_NAMES,
    Draft,
    bare,
    checks,
    counts_of,
    is_main,
    no_translation,
    primary,
    visible,
    words_in,
)
from newsletter.language import say_many
from newsletter.model import Finding, Issue, Prose, Rule, walk

_SENTENCE = 6  # words: anything shorter may be a name or a title


PARITY_TEXT = Rule(
    id="parity-text", summary="No paragraph stands in a translation as it does in the original"
)


@checks(PARITY_TEXT, unless=no_translation)
def check_translated(draft: Draft) -> Iterator[Finding]:
    """Text that is the same in two files is in the language of its file.

    Names, titles and addresses may be the same; a paragraph with a `lang` of its own is intended.
    """
    lead = next((issue for issue in draft.siblings.values() if is_main(issue)), None)
    if lead is None:
        return
    own, theirs = (primary(issue.language) for issue in (draft.issue, lead))
    if own == theirs or not {own, theirs} <= COMMON.keys():
        return
    known = {bare(text) for _, text in _paragraphs(lead)}
    left = [
        line
        for line, text in _paragraphs(draft.issue)
        if bare(text) in known and _is_in(text, theirs, instead_of=own)
    ]
    if left:
        yield PARITY_TEXT.warning(
            say_many(
                "this paragraph is in {file}, too, word for word, and is in {language}",
                "from here on, {n} paragraphs are in {file}, too, word for word, in {language}",
                n=len(left),
                file=lead.path,
                language=LANGUAGE_NAMES[theirs],
            ),
            'translate it, or write <span lang="{code}"> around it',
            line=left[0],
            code=theirs,
        )


def _paragraphs(issue: Issue) -> Iterator[tuple[int, str]]:
    """Yield line and words of the paragraphs without a language of their own."""
    for block in walk(issue.blocks):
        if isinstance(block, Prose) and ' lang="' not in block.html:
            yield block.line, visible(block.html)


def _is_in(text: str, language: str, *, instead_of: str) -> bool:
    words = words_in(text)
    counts = counts_of(set(words))  # names and titles may have an “and” or two
    return len(words) >= _SENTENCE and counts[language] > 1 and not counts[instead_of]
