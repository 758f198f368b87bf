"""What people draw on paper to be filled in: boxes, lines, a scale, a table."""

import re
from collections.abc import Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.content.survey_drawn import Field, Written
from newsletter.content.survey_ids import is_id, take_id
from newsletter.language import Wording, say
from newsletter.model import Finding, QuestionKind, rules

WIDEST_SCALE = 11  # numbers, as 0 to 10
LONGEST_WORDS = 500  # characters of a question or an answer
_BOX = re.compile(r"([(\[])[ \t\u00a0]*([xX✓✔✗✘*]?)[ \t\u00a0]*([)\]])(?:[ \t\u00a0]+(.*))?", re.S)
_KINDS = {"()": QuestionKind.ONE, "[]": QuestionKind.MANY}
_BLANK = re.compile(r"[ \t\u00a0]*_{3,}[ \t\u00a0]*$")  # a line to write on
_LINE = re.compile(r"_{3,}")
_NUMBER = re.compile(
    r"_{3,}\s*\((?:luku|tal|nummer|number)(?:\s+(-?\d{1,9})\s*(?:[-–—]|\.\.\.?|…)\s*(-?\d{1,9}))?\)",
    re.I,
)
_SCALE = re.compile(r"(-?\d{1,3})(?:[ \t]+(.*?))?[ \t]*(?:\.{3}|…)[ \t]*(-?\d{1,3})(?:[ \t]+(.*))?")


class FieldReader:
    """Reads the fields of one file, and notes what is wrong with them."""

    def __init__(self, parser: MarkdownIt, references: Mapping[str, object]) -> None:
        self.findings: list[Finding] = []
        self._parser = parser
        self._references = references  # addresses that links are given by name

    def written(
        self, text: str, line: int, *, cell: int | None = None, is_other: bool = False
    ) -> Written:
        """Return a thing with its words, as readers see them, and its id."""
        words, id = take_id(self.clipped(text, line))
        if id is not None and not is_id(id):
            self._report(
                say("“{id}” cannot be an id", id=id),
                say("write small letters a to z, digits and hyphens, such as {#tyonantaja}"),
                line,
            )
            id = None
        plain = self.plain(words)
        return Written(words=plain, id=id or "", line=line, cell=cell, is_other=is_other)

    def clipped(self, text: str, line: int) -> str:
        """Return a text as far as it may go, with single blanks; note one that is longer."""
        text = " ".join(text.split())
        if len(text) <= LONGEST_WORDS:
            return text
        hint = say("say it shorter, and explain it below the question")
        self._report(
            say("a question or an answer has more than {most} characters", most=LONGEST_WORDS),
            hint,
            line,
        )
        return text[:LONGEST_WORDS]

    def plain(self, text: str) -> str:
        """Return the words of a line of Markdown, without its marks."""
        env = {"references": self._references}
        inlines = self._parser.parseInline(text.strip(), env)
        parts = (_shown(child) for inline in inlines for child in inline.children or ())
        return " ".join("".join(parts).split())

    def options(self, items: Sequence[Token]) -> Field | None:
        """Return the boxes of a list; None if it is a list of something else."""
        entries = list(_items(items))
        boxes = [(line, text, _BOX.fullmatch(text.strip())) for line, text, _ in entries]
        if not any(match and match[1] + match[3] in _KINDS for _, _, match in boxes):
            return None
        found = Field(kind=QuestionKind.ONE, line=boxes[0][0])
        kinds = set()
        for line, text, match in boxes:
            kind = _KINDS.get(match[1] + match[3]) if match else None
            if match is None or kind is None:
                hint = say("begin each line with ( ) for one answer, or [ ] for several")
                self._report(say("“{text}” has no box before it", text=_short(text)), hint, line)
                continue
            kinds.add(kind)
            found.kind = kind
            self._take_option(found, match, line)
        for line, text, is_plain in entries:
            if not is_plain:
                hint = say("write one line for each answer, and what it means above them")
                self._report(
                    say("more than words stand at “{text}”", text=_short(text)), hint, line
                )
        if len(kinds) > 1:
            hint = say("use ( ) throughout for one answer, or [ ] for several")
            self._report(say("boxes of two kinds stand in one question"), hint, found.line)
        return found

    def _take_option(self, found: Field, match: re.Match[str], line: int) -> None:
        if match[2]:
            hint = say("leave the box empty: what is ticked beforehand is not an answer")
            self._report(say("a box is ticked already"), hint, line)
        text, id = take_id(self.clipped(match[4] or "", line))
        is_other = _BLANK.search(text) is not None
        text = _BLANK.sub("", text).rstrip(" :") + (f" {{#{id}}}" if id is not None else "")
        if not text.strip():
            self._report(say("a box has no words"), say("write behind it what it stands for"), line)
            return
        option = self.written(text, line, is_other=is_other)
        if is_other and any(one.is_other for one in found.options):
            hint = say("keep one answer with a line to write on")
            self._report(say("a second answer has a line to write on"), hint, line)
        found.options.append(option)

    def table(self, tokens: Sequence[Token]) -> Field:
        """Return a matrix: its head has the answers, the first cells of its rows what is asked."""
        head, *body = list(_rows(tokens))
        found = Field(kind=QuestionKind.MATRIX, line=head[0])
        for cell, text in enumerate(head[1][1:], 1):
            if text:
                found.options.append(self.written(text, head[0], cell=cell))
            else:
                hint = say("write above each column what it stands for")
                self._report(say("a column has no words"), hint, head[0])
        for line, (first, *others) in body:
            if first:
                found.rows.append(self.written(first, line, cell=0))
            else:
                hint = say("write at the beginning of the row what is asked")
                self._report(say("a row has no words"), hint, line)
            for text in filter(None, others):
                hint = say("leave the cells empty; they become the buttons of the form")
                self._report(say("“{text}” stands in a cell", text=_short(text)), hint, line)
        if not found.rows or len(found.options) < 2:
            hint = say("it needs at least two columns of answers, and a row for each thing asked")
            self._report(say("the table is too small to be asked"), hint, head[0])
        return found

    def line(self, text: str, line: int) -> Field | None:
        """Return the field that a line of text draws; None if it is words alone."""
        text = " ".join(text[: LONGEST_WORDS + 1].split())
        if match := _NUMBER.fullmatch(text):
            low, high = (int(match[n]) if match[n] else None for n in (1, 2))
            if low is not None and high is not None and low > high:
                hint = say("write the smaller number first")
                self._report(
                    say("no number lies between {low} and {high}", low=low, high=high), hint, line
                )
            return Field(kind=QuestionKind.NUMBER, line=line, low=low, high=high)
        if match := _LINE.match(text):
            if match.end() < len(text):
                hint = say("write ____ alone for words, or ____ (number 1-500) for a number")
                self._report(say("“{text}” is not understood", text=_short(text)), hint, line)
            return Field(kind=QuestionKind.TEXT, line=line)
        if match := _SCALE.fullmatch(text):
            return self._scale(match, line)
        return None

    def _scale(self, match: re.Match[str], line: int) -> Field:
        low, high = int(match[1]), int(match[3])
        if not 1 <= high - low < WIDEST_SCALE:
            hint = say("begin with the smaller number; at most {most} numbers", most=WIDEST_SCALE)
            text = _short(match[0])
            self._report(say("“{text}” is not a scale that can be shown", text=text), hint, line)
        ends = (self.plain(match[2] or ""), self.plain(match[4] or ""))
        return Field(kind=QuestionKind.SCALE, line=line, low=low, high=high, ends=ends)

    def _report(self, message: Wording, hint: Wording, line: int) -> None:
        self.findings.append(rules.SURVEY_QUESTION.error(message, hint, line=line))


def _items(tokens: Sequence[Token]) -> Iterator[tuple[int, str, bool]]:
    """Yield the last line, the text and the plainness of each item of a list, not of inner ones."""
    inside: list[Token] = []
    for token in tokens[1:-1]:
        if token.type == "list_item_open" and token.level == tokens[0].level + 1:
            inside = []
        elif token.type == "list_item_close" and token.level == tokens[0].level + 1:
            text = inside[1] if len(inside) > 1 and inside[1].type == "inline" else None
            line = text.map[1] if text and text.map else (tokens[0].map or [0])[0] + 1
            yield line, text.content if text else "", text is not None and len(inside) == 3
        else:
            inside.append(token)


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row of a table."""
    cells: list[str] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open":
            cells, line = [], (token.map or [0])[0] + 1
        elif token.type == "inline":
            cells.append(token.content.strip())
        elif token.type == "tr_close":
            yield line, cells


def _shown(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    return (
        child.content
        if child.type in ("text", "text_special", "code_inline", "html_inline")
        else ""
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
