"""The words and numbers that a part of a mail shows, including the numbers of its lists."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from newsletter.checking.instruments.draft import text_of_html
from newsletter.checking.instruments.written import Word

_NEAR = 8  # words between a number and its neighbour: footnotes and explanations may come between
_WORD = re.compile(r"[^\W_]+")
_LIST_TAG = re.compile(r"<(?P<end>/?)(?P<name>[ou]l|li)\b(?P<rest>[^>]*)>", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:start|value)=[\"']?(-?\d{1,9})\b")
_PICTURE = re.compile(r"""<img\b(?:[^>"]|"[^"]*")*>""", re.IGNORECASE)
_ALT = re.compile(r'\salt="([^"]*)"')
_TITLE = re.compile(r'\stitle="([^"]*)"')


def words_in_html(html: str) -> list[str]:
    """Return the words of a page, with the numbers of its lists and the alt texts of pictures."""
    titles = " ".join(_TITLE.findall(html))
    page = _PICTURE.sub(_said, _with_numbers(html))
    return _words(f"{text_of_html(page)} {text_of_html(titles)}")


def words_in_text(text: str) -> list[str]:
    """Return the words of a text part."""
    return _words(text)


def find_lost(written: Sequence[Word], shown: Sequence[str]) -> Iterator[Word]:
    """Yield what is written but not shown; a number must be near the words it was next to."""
    left = Counter(shown)
    near = _neighbours(shown)
    forms = [() if word.is_doubtful else _taken(word, left) for word in written]
    for n, word in enumerate(written):
        if word.is_doubtful:
            continue
        if not forms[n]:
            yield word
        elif word.is_number:
            beside = [forms[m] or written[m].parts for m in _beside(written, n)]
            if beside and not any((forms[n][0], part) in near for one in beside for part in one):
                yield word


def _beside(written: Sequence[Word], n: int) -> Iterator[int]:
    """Yield the positions of the next words on the same line, and of doubtful ones before those."""
    for step in (-1, 1):
        m = n + step
        while 0 <= m < len(written) and written[m].line == written[n].line:
            yield m
            if not written[m].is_doubtful:
                break
            m += step


def _taken(word: Word, left: Counter[str]) -> tuple[str, ...]:
    """Return how a word is shown, and remove that from what is left to be found."""
    form = word.form_of(left)
    for part in form:
        left[part] -= 1
        if not left[part]:
            del left[part]
    return form


def _said(picture: re.Match[str]) -> str:
    """Return the alt text of a picture."""
    alt = _ALT.search(picture[0])
    return f" {alt[1].replace('<', '&lt;')} " if alt else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text))


def _neighbours(shown: Sequence[str]) -> set[tuple[str, str]]:
    """Return each number with every word near it."""
    return {
        (word, other)
        for n, word in enumerate(shown)
        if word.isdigit()
        for other in shown[max(0, n - _NEAR) : n + _NEAR + 1]
    }


def _with_numbers(html: str) -> str:
    """Write the numbers of lists into their items."""
    counts: list[int | None] = []  # the next number of each open list; None: it has bullets

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
