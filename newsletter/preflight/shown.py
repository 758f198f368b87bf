"""The words and numbers that a part of a mail shows, those of its lists among them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from newsletter.preflight.draft import text_of_html
from newsletter.preflight.written import Word

_NEAR = 8  # words between a number and its neighbour: notes and explanations may come between
_WORD = re.compile(r"[^\W_]+")
_LIST_TAG = re.compile(r"<(?P<end>/?)(?P<name>[ou]l|li)\b(?P<rest>[^>]*)>", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:start|value)=[\"']?(-?\d{1,9})\b")
_SAID = re.compile(r'\s(?:alt|title)="([^"]*)"')


def words_in_html(html: str) -> list[str]:
    """Return the words of a page, with the numbers of its lists and the words of its pictures."""
    said = " ".join(_SAID.findall(html))
    return _words(f"{text_of_html(_with_numbers(html))} {text_of_html(said)}")


def words_in_text(text: str) -> list[str]:
    """Return the words of a text part."""
    return _words(text)


def find_lost(written: Sequence[Word], shown: Sequence[str]) -> Iterator[Word]:
    """Yield what is written and not shown; a number must stand near the words it stood by."""
    left = Counter(shown)
    near = _neighbours(shown)
    for before, word, after in zip([None, *written], written, [*written[1:], None], strict=False):
        form = next((form for form in word.forms if _has(left, form)), None)
        if form is None:
            yield word
            continue
        left.subtract(form)
        beside = [other for other in (before, after) if other and other.line == word.line]
        if word.is_number and beside and not any(_is_near(near, form, one) for one in beside):
            yield word


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text))


def _has(left: Counter[str], form: tuple[str, ...]) -> bool:
    return all(left[part] > 0 for part in form)


def _neighbours(shown: Sequence[str]) -> set[tuple[str, str]]:
    """Return each number with every word that stands near it."""
    return {
        (word, other)
        for n, word in enumerate(shown)
        if word.isdigit()
        for other in shown[max(0, n - _NEAR) : n + _NEAR + 1]
    }


def _is_near(near: set[tuple[str, str]], number: tuple[str, ...], other: Word) -> bool:
    return any((number[0], part) in near for form in other.forms for part in form)


def _with_numbers(html: str) -> str:
    """Write the numbers of lists into their items."""
    counts: list[int | None] = []  # the next number of each list that is open; None: it has dots

    def number(match: re.Match[str]) -> str:
        name, rest = match["name"].lower(), match["rest"]
        if name != "li" and match["end"]:
            if counts:
                counts.pop()
        elif name != "li":
            start = _NUMBER.search(rest)
            counts.append((int(start[1]) if start else 1) if name == "ol" else None)
        elif not match["end"] and counts and (count := counts[-1]) is not None:
            own = _NUMBER.search(rest)
            count = int(own[1]) if own else count
            counts[-1] = count + 1
            return f"{match[0]} {count} "
        return match[0]

    return _LIST_TAG.sub(number, html)
