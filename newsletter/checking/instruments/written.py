"""The words and numbers of an issue file, read without a parser: what its readers must find."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from itertools import combinations, pairwise

from newsletter.checking.instruments.issue_lines import visible_lines
from newsletter.markup.backticks import CodeSpans
from newsletter.markup.elements import is_tag

_MOST_PARTS = 16  # of a word that may be joined
_MOST_DOUBTFUL = 4  # optional parts of a word, tried with and without
# A noncharacter that no text may contain marks where signs of Markdown join what is around them.
_JOIN = "\ufdd4"
_OPTIONAL = "\ufdd5"  # another marks a word that may or may not be shown
_UNSEEN = r"script|style|title|template|iframe|object|svg|math"  # with all their content
_BLOCKS = re.compile(
    r"p|div|h\d|ul|ol|li|dl|dt|dd|table|tr|td|th|thead|tbody|tfoot|caption|blockquote|pre|hr|br|img",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_ADDRESS = r"(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]{0,99}\)){0,999}\)){0,2048}"
_TITLE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"""
_SIGNS = re.compile(
    rf"""(?P<ticks>`+)
    |(?P<slot>\{{\{{[^{{}}]*\}}\}})
    |(?P<escape>\\[!-/:-@\[-`{{-~])
    |<(?P<unseen>{_UNSEEN})(?=[\s>])
    |(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:\s+{_ATTRIBUTE})*\s*/?>)
    |(?P<auto><[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>)
    |(?P<target>\]\(\s*(?:<[^<>\n]*>|{_ADDRESS})(?:\s+{_TITLE})?\s*\))
    |(?P<note>\[\^[^\]\s]+\]:?)
    |(?P<refers>\]\[(?P<label>(?:[^\[\]\\]|\\.)*)\])
    |(?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]*);)
    |(?P<joins>[*~_]+|[\[\]])""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_DEFINITION = re.compile(
    rf"""^(?P<before>(?:[ >]|[-*+][ ]|\d{{1,9}}[.)][ ])*)
        \[(?P<label>(?!\^)(?:[^\[\]\\]|\\.)+)\]:[ \t]*(?:\n[ >]*)?
        (?:<[^<>\n]*>|[^\s<]\S*)(?:[ \t]+{_TITLE}|[ \t]*\n[ >]*{_TITLE})?[ \t]*$""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_ABBREVIATION = re.compile(r"^ {0,3}\*\[[^\[\]\\\n]+\]:[ \t]*\S.*", re.MULTILINE)
# How emphasis and links end, in which a heading may end.
_ENDS = r"(?:[*_~]{1,3}|</\w{1,9}>|\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])?){0,5}"
_NAME_OF_HEADING = re.compile(
    rf"^(?P<words>[ >]*\#{{1,6}}[ \t].*?"
    rf"|.*(?=\{{\#[^\s{{}}\#]+\}}{_ENDS}[ \t]*\n[ >]*(?:=+|-+)[ \t]*$))"
    rf"\{{\#[^\s{{}}\#<>\"'%&]{{1,100}}\}}(?P<closing>{_ENDS}[ \t]*(?:\#+[ \t]*)?)$",
    re.MULTILINE,
)
_BRACKETS = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]", re.DOTALL)
_INDENTED = re.compile(r"[ >]*(?:[-*+]|\d{1,9}[.)])?[ >]*(?: {4}|\t)")
_WORD = re.compile(r"[^\W_]+")
_ATOM = re.compile(rf"{_JOIN}*{_OPTIONAL}?[^\W_]+(?:{_JOIN}+{_OPTIONAL}?[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or a number as the author wrote it."""

    line: int
    parts: tuple[str, ...]  # several where signs of Markdown are inside it
    optional: frozenset[int] = frozenset()  # the parts that may or may not be shown, such as labels

    @property
    def whole(self) -> str:
        """Return the word as it is most likely meant."""
        parts = [part for n, part in enumerate(self.parts) if n not in self.optional]
        return ("" if _may_be_joined(parts) else " ").join(parts)

    @property
    def is_doubtful(self) -> bool:
        """Return whether it may be left out, so that it never counts as lost."""
        return len(self.optional) == len(self.parts)

    @property
    def is_number(self) -> bool:
        """Return whether it consists of digits alone."""
        return all(part.isdigit() for part in self.parts)

    def form_of(self, shown: Container[str]) -> tuple[str, ...]:
        """Return the words that show it: one, its parts, or some of them joined; empty if none do.

        Signs that join nothing are shown themselves, as in **a****b.
        """
        doubtful = sorted(self.optional)[:_MOST_DOUBTFUL]
        for count in range(len(doubtful) + 1):
            for left_out in combinations(doubtful, count):
                form = _joined_forms(
                    [p for n, p in enumerate(self.parts) if n not in left_out], shown
                )
                alone = {self.parts[n] for n in doubtful if n not in left_out}
                if form and alone.isdisjoint(form):  # a separate word is another word
                    return form
        return ()


def written_words(source: str, met: frozenset[str]) -> list[Word]:
    """Return the words of an issue's body for readers who meet conditions, in order."""
    lines = visible_lines(source, met)
    text = "\n".join("" if line.is_code else line.text for line in lines)
    body, labels = _without_definitions(text)
    plain = _plain(body, labels).split("\n")
    shown = [line.text if line.is_code else plain[n] for n, line in enumerate(lines)]
    return [word for number, line in enumerate(shown, 1) for word in _words(line, number)]


def words_of_code(text: str, line: int) -> list[Word]:
    """Return the words of a line as they are when its indentation makes it code."""
    return _words(text, line) if _INDENTED.match(text) else []


def _words(text: str, line: int) -> list[Word]:
    atoms = _ATOM.finditer(unicodedata.normalize("NFC", text))
    return [_word(re.split(f"{_JOIN}+", atom[0].strip(_JOIN)), line) for atom in atoms]


def _word(written: Sequence[str], line: int) -> Word:
    parts = tuple(part.removeprefix(_OPTIONAL) for part in written)
    optional = frozenset(n for n, part in enumerate(written) if part.startswith(_OPTIONAL))
    return Word(line=line, parts=parts, optional=optional)


def _joined_forms(parts: Sequence[str], shown: Container[str]) -> tuple[str, ...]:
    """Return the shown words that parts were joined into, as few as possible."""
    count = len(parts)
    forms: list[tuple[str, int] | None] = [None] * count + [("", 0)]  # a word, and what follows
    for start in range(count - 1, -1, -1):
        for end in range(min(count, start + _MOST_PARTS), start, -1):
            word = "".join(parts[start:end])
            if forms[end] and word in shown and _may_be_joined(parts[start:end]):
                forms[start] = (word, end)
                break
    words: list[str] = []
    at = 0
    while at < count and (form := forms[at]):
        words.append(form[0])
        at = form[1]
    return tuple(words)


def _may_be_joined(parts: Sequence[str]) -> bool:
    """Return whether parts can be joined when no sign is between them: digits cannot."""
    return not any(a[-1].isdigit() and b[0].isdigit() for a, b in pairwise(parts))


def _without_definitions(text: str) -> tuple[str, set[str]]:
    """Remove the definitions of abbreviations, link targets and names of headings in the text.

    Return with it the labels of the links.
    """
    text = _NAME_OF_HEADING.sub(r"\g<words>\g<closing>", _ABBREVIATION.sub("", text))
    used = Counter(map(_label, _BRACKETS.findall(text)))

    def take(match: re.Match[str]) -> str:
        label = _label(match["label"])
        if used[label] < 2:  # its own brackets belong to it
            return match[0]
        used[label] = 0  # the first counts; nothing is shown of another
        labels.add(label)
        return match["before"] + "\n" * match[0].count("\n")

    labels: set[str] = set()
    return _DEFINITION.sub(take, text), labels


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _plain(text: str, labels: set[str]) -> str:
    """Return a text without the signs and addresses of Markdown, its lines kept."""
    spans = CodeSpans(text)
    unclosed: set[str] = set()  # labels already looked for in vain
    parts: list[str] = []
    at = 0
    while match := _SIGNS.search(text, at):
        end = match.end()
        if match["ticks"]:
            end = spans.end_of(match.start(), end)
        elif match["unseen"]:
            end = _end_of_unseen(text, match, unclosed)
        elif match["label"] and _label(match["label"]) not in labels:
            end = match.start() + 1  # these brackets are shown, or are another link
        parts += [text[at : match.start()], _replacement(match, text[match.start() : end])]
        at = end
    return "".join([*parts, text[at:]])


def _end_of_unseen(text: str, match: re.Match[str], unclosed: set[str]) -> int:
    name = match["unseen"].lower()
    if name not in unclosed:
        if closing := re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, match.end()):
            return closing.end()
        unclosed.add(name)
    return match.end()


def _replacement(match: re.Match[str], whole: str) -> str:
    """Return what a sign of Markdown leaves of itself among the words."""
    kind = match.lastgroup
    if match["tag"] and not is_tag(whole):
        return whole
    if kind == "ticks":
        return _JOIN + whole.strip("`") + _JOIN
    if kind == "entity":
        return html5.get(whole[1:], whole) if whole[1] != "#" else unescape(whole)
    if kind in ("auto", "refers"):
        return _optional_words(whole)
    is_apart = kind in ("slot", "escape") or (kind == "tag" and _is_block(match["name"]))
    return (" " if is_apart else _JOIN) + "\n" * whole.count("\n")


def _optional_words(whole: str) -> str:
    """Return the words of an address or a label that may be shown next to others."""
    words = _WORD.findall(whole)
    if not words:
        return _JOIN
    lines = "\n" * whole.count("\n")
    before, after = (f"{_JOIN}{_OPTIONAL}{word}{_JOIN}" for word in (words[0], words[-1]))
    return before + lines if len(words) == 1 else f"{before} {lines}{after}"


def _is_block(name: str) -> bool:
    return _BLOCKS.fullmatch(name) is not None
