"""The words and numbers of an issue file, read without a parser: what its readers must find."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from newsletter.backticks import CodeSpans
from newsletter.elements import is_tag
from newsletter.preflight.sourcelines import visible_lines

# A private character that no text may hold stands where Markdown's signs join what is around them.
_JOIN = "\ufdd4"
_UNSEEN = r"script|style|title|template|iframe|object|svg|math"  # with all they hold
_BLOCKS = re.compile(
    r"p|div|h\d|ul|ol|li|dl|dt|dd|table|tr|td|th|thead|tbody|tfoot|caption|blockquote|pre|hr|br|img",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""[A-Za-z_:][\w.:-]*\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*")"""
_ADDRESS = r"(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()]{0,99}\)){0,999}\)){0,2048}"
_TITLE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"""
_SIGNS = re.compile(
    rf"""(?P<ticks>`+)
    |(?P<slot>\{{\{{[^{{}}]*\}}\}})
    |(?P<escape>\\[!-/:-@\[-`{{-~])
    |<(?P<unseen>{_UNSEEN})(?=[\s>])
    |(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:\s+(?:{_ATTRIBUTE}|hidden|open|reversed))*\s*/?>)
    |(?P<auto><[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>)
    |(?P<target>\]\(\s*(?:<[^<>\n]*>|{_ADDRESS})(?:\s+{_TITLE})?\s*\))
    |(?P<note>\[\^[^\]\s]+\]:?)
    |\]\[(?P<label>[^\[\]]*)\]
    |(?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]*);)
    |(?P<emphasis>[*~]+)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_DEFINITION = re.compile(
    rf"""^[ >]*\[(?P<label>(?!\^)(?:[^\[\]\\]|\\.)+)\]:[ \t]*(?:\n[ >]*)?
        (?:<[^<>\n]*>|[^\s<]\S*)(?:[ \t]+{_TITLE}|[ \t]*\n[ >]*{_TITLE})?[ \t]*$""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_ABBREVIATION = re.compile(r"^ {0,3}\*\[[^\[\]\\\n]+\]:[ \t]*\S.*", re.MULTILINE)
_BRACKETS = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]", re.DOTALL)
_ATOM = re.compile(rf"[^\W_]+(?:{_JOIN}+[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or a number as its author wrote it."""

    line: int
    parts: tuple[str, ...]  # several where signs of Markdown stand within it

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Return how it may be shown: in one, or in its parts; digits never grow together."""
        if any(a[-1].isdigit() and b[0].isdigit() for a, b in pairwise(self.parts)):
            return (self.parts,)
        return (("".join(self.parts),), self.parts)

    @property
    def is_number(self) -> bool:
        """Tell whether it is written in digits alone."""
        return all(part.isdigit() for part in self.parts)


def written_words(source: str, met: frozenset[str]) -> list[Word]:
    """Return the words of an issue's body for readers who meet conditions, in their order."""
    lines = visible_lines(source, met)
    text = "\n".join("" if line.is_code else line.text for line in lines)
    plain = _plain(_without_definitions(text)).split("\n")
    shown = [line.text if line.is_code else plain[n] for n, line in enumerate(lines)]
    return [
        Word(line=number, parts=tuple(re.split(f"{_JOIN}+", atom[0])))
        for number, line in enumerate(shown, 1)
        for atom in _ATOM.finditer(unicodedata.normalize("NFC", line))
    ]


def _without_definitions(text: str) -> str:
    """Take away what explains abbreviations, and where links lead that stand in the text."""
    text = _ABBREVIATION.sub("", text)
    used = Counter(map(_label, _BRACKETS.findall(text)))

    def take(match: re.Match[str]) -> str:
        label = _label(match["label"])
        if used[label] < 2:  # its own brackets are one
            return match[0]
        used[label] = 0  # the first counts; of another one nothing is shown
        return "\n" * match[0].count("\n")

    return _DEFINITION.sub(take, text)


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _plain(text: str) -> str:
    """Return a text without the signs and addresses of Markdown; its lines stay."""
    spans = CodeSpans(text)
    unclosed: set[str] = set()  # what is looked for in vain
    parts: list[str] = []
    at = 0
    while match := _SIGNS.search(text, at):
        end = match.end()
        if match["ticks"]:
            end = spans.end_of(match.start(), end)
        elif match["unseen"]:
            end = _end_of_unseen(text, match, unclosed)
        parts += [text[at : match.start()], _instead(match, text[match.start() : end])]
        at = end
    return "".join([*parts, text[at:]])


def _end_of_unseen(text: str, match: re.Match[str], unclosed: set[str]) -> int:
    name = match["unseen"].lower()
    if name not in unclosed:
        if closing := re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, match.end()):
            return closing.end()
        unclosed.add(name)
    return match.end()


def _instead(match: re.Match[str], whole: str) -> str:
    """Return what a sign of Markdown leaves of itself among the words."""
    kind = match.lastgroup
    if match["tag"] and not is_tag(whole):
        return whole
    if kind == "ticks":
        return _JOIN + whole.strip("`") + _JOIN
    if kind == "entity":
        return unescape(whole)
    is_apart = kind in ("slot", "escape", "auto") or (kind == "tag" and _is_block(match["name"]))
    return (" " if is_apart else _JOIN) + "\n" * whole.count("\n")


def _is_block(name: str) -> bool:
    return _BLOCKS.fullmatch(name) is not None
