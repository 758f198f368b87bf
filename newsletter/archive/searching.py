"""Finds issues by their words: exact ones first, then other forms of them, then parts of them.

A hundred issues fit into memory, so there is no table to keep in step with what was sent, and both
databases find the same. Letters are compared as they are: “sää” is not “saa”.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from unicodedata import normalize

from newsletter.language.stems import WORD, stem_of, words_of

_LONGEST, _MOST = 100, 8  # characters of a query, and words of it
_PART = 3  # letters of which a part of a word is made at least
_WEIGHTS = (8, 3, 1)  # of words in the subject, in headings, and in all of it
_EXACT, _FORM, _WITHIN = 3, 2, 1
_AROUND = 90  # characters of a passage on each side

Piece = tuple[str, bool]  # some words, and whether they are what was looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An issue that has all words of a query."""

    issue: str
    language: str  # of the edition that has them
    passage: tuple[Piece, ...]  # where the first of them stands
    is_exact: bool  # all of them stand there as they were typed


@dataclass(frozen=True)
class _Text:
    issue: str
    language: str
    place: int  # in the order of the archive, newest first
    subject: str
    headings: str
    words: str = field(repr=False)

    @cached_property
    def counts(self) -> Counter[str]:
        """Return the words, each as often as it weighs."""
        counts: Counter[str] = Counter()
        for text, weight in zip((self.subject, self.headings, self.words), _WEIGHTS, strict=True):
            for word in words_of(text):
                counts[word] += weight
        return counts

    @cached_property
    def forms(self) -> Counter[str]:
        """Return the stems of all words."""
        forms: Counter[str] = Counter()
        for word, count in self.counts.items():
            forms[stem_of(word, self.language)] += count
        return forms

    @cached_property
    def line(self) -> str:
        """Return all words once, on a line."""
        return " ".join(self.counts)


class SearchIndex:
    """The words of all issues; they are counted when somebody first asks."""

    def __init__(self, texts: Iterable[tuple[str, str, str, str, str]]) -> None:
        """Take issue, language, subject, headings and all words, newest issue first."""
        self._texts = [
            _Text(issue, language, place, subject, headings, words)
            for place, (issue, language, subject, headings, words) in enumerate(texts)
        ]

    def find(self, query: str, language: str) -> list[Hit]:
        """Return the issues with all words of a query, each in the language that suits best."""
        asked = list(dict.fromkeys(words_of(query[:_LONGEST])))[:_MOST]
        best: dict[str, tuple[tuple[int, ...], _Text]] = {}
        for text in self._texts if asked else ():
            ranks = [_rank(text, word) for word in asked]
            kinds = [kind for kind, _ in ranks]
            if min(kinds) == 0:
                continue
            own = text.language.partition("-")[0] == language
            order = (min(kinds), sum(kinds), sum(n for _, n in ranks), int(own), -text.place)
            if text.issue not in best or order > best[text.issue][0]:
                best[text.issue] = order, text
        ordered = sorted(best.values(), key=lambda found: found[0], reverse=True)
        return [
            Hit(
                issue=text.issue,
                language=text.language,
                passage=tuple(_passage(text, asked)),
                is_exact=order[0] == _EXACT,
            )
            for order, text in ordered
        ]


def _rank(text: _Text, word: str) -> tuple[int, int]:
    """Return in which way a text has a word, and how much of it; (0, 0) for not at all."""
    if exact := text.counts.get(word):
        return _EXACT, exact
    if form := text.forms.get(stem_of(word, text.language)):
        return _FORM, form
    within = text.line.count(word) if len(word) >= _PART else 0
    return (_WITHIN, within) if within else (0, 0)


def _passage(text: _Text, asked: list[str]) -> Iterator[Piece]:
    """Yield the words around the first that was looked for, which are told apart."""
    said = normalize("NFC", text.words).replace("\n", " · ")
    stems = {stem_of(word, text.language) for word in asked}
    words = (
        one.span()
        for one in WORD.finditer(said)
        if _is_meant(one[0].casefold(), asked, stems, text.language)
    )
    begin, stop = next(words, (0, 0))  # of a subject alone, the beginning of the text
    at = said.rfind(" ", 0, max(0, begin - _AROUND)) + 1
    end = said.find(" ", begin + 2 * _AROUND)
    end = len(said) if end < 0 else end
    if at:
        yield "… ", False
    while begin < stop:
        yield said[at:begin], False
        yield said[begin:stop], True
        at = stop
        begin, stop = next(words, (0, 0))
        if stop > end:
            break
    yield said[at:end] + (" …" if end < len(said) else ""), False


def _is_meant(word: str, asked: list[str], stems: set[str], language: str) -> bool:
    if word in asked or stem_of(word, language) in stems:
        return True
    return any(len(part) >= _PART and part in word for part in asked)
