"""Reads the body of a survey's file in one language: a heading is a page, one below it a question.

What is read are the tokens of CommonMark with tables, so that any editor or web site shows the file
as it is meant. Whatever is neither a field nor a condition is the author's Markdown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.content.survey_drawn import Field, Written
from newsletter.content.survey_fields import FieldReader
from newsletter.language import Wording, say
from newsletter.model import Finding, QuestionKind, rules

MOST_PAGES, MOST_QUESTIONS, MOST_OPTIONS = 30, 100, 60
_SHOW_IF = re.compile(
    r"[ \t]*(?:näytetään,?\s+jos|visas,?\s+om|shown?,?\s+if)\b[ \t]*:?[ \t]*(.*)", re.I
)
_MUST = re.compile(r"[ \t]*\\?\*[ \t]*$")
_MOST = re.compile(r"\b(?:enintään|korkeintaan|högst|max|at most|up to)\s+(\d{1,3})\b", re.I)
_ID_THEN_MUST = re.compile(r"(\{#[^{}\n]*\})[ \t]*(\*)[ \t]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCondition:
    """When something is shown, as written."""

    text: str
    line: int
    column: int  # of its first sign, counted from 1


@dataclass(slots=True, kw_only=True)
class WrittenQuestion:
    """A question as one language's file has it."""

    heading: Written
    is_required: bool
    fields: list[Field] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)  # blocks of Markdown
    show_if: WrittenCondition | None = None

    @property
    def kind(self) -> QuestionKind | None:
        """Return what is answered to it; None if that is not said."""
        return self.fields[0].kind if self.fields else None

    @property
    def field(self) -> Field:
        """Return the field that all its lines and lists make together."""
        first = self.fields[0]
        if first.kind is QuestionKind.TEXT:
            first.is_long = len(self.fields) > 1
        return first

    @property
    def most(self) -> int | None:
        """Return how many answers may be chosen at most, if that is said above them."""
        found = _MOST.search("\n".join(self.helps)) if self.kind is QuestionKind.MANY else None
        return int(found[1]) if found else None


@dataclass(slots=True, kw_only=True)
class WrittenPage:
    """A page as one language's file has it."""

    heading: Written
    leads: list[str] = field(default_factory=list)
    show_if: WrittenCondition | None = None
    questions: list[WrittenQuestion] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class WrittenSurvey:
    """The body of a survey's file in one language."""

    leads: list[str] = field(default_factory=list)
    pages: list[WrittenPage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def questions(self) -> Iterator[WrittenQuestion]:
        """Yield its questions in order."""
        for page in self.pages:
            yield from page.questions


def read_questions(text: str) -> WrittenSurvey:
    """Return the pages and questions of a text, and what is wrong with it.

    The text begins where its file does, so that lines are those of the file.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    env: dict[str, dict[str, object]] = {}
    tokens = parser.parse(text, env)
    reader = _Reader(text.split("\n"), FieldReader(parser, env.get("references", {})))
    for block in _blocks(tokens):
        reader.take(block)
    return reader.done()


class _Reader:
    """Puts the blocks of a text where they belong."""

    def __init__(self, lines: Sequence[str], fields: FieldReader) -> None:
        self._lines = lines
        self._fields = fields
        self._survey = WrittenSurvey(findings=fields.findings)
        self._page: WrittenPage | None = None
        self._question: WrittenQuestion | None = None

    def take(self, block: Sequence[Token]) -> None:
        first = block[0]
        if first.type == "heading_open":
            self._take_heading(first, block[1])
        elif first.type == "hr" and first.markup.startswith("_"):
            self._add(self._fields.line("____", _line_of(first)))
        elif first.type == "paragraph_open":
            self._take_paragraph(first, block[1])
        elif first.type == "bullet_list_open" and (found := self._fields.options(block)):
            self._add(found)
        elif first.type == "table_open" and self._question:
            self._add(self._fields.table(block))
        else:
            self._keep(self._source_of(first))

    def done(self) -> WrittenSurvey:
        for question in self._survey.questions:
            self._verify(question)
        if not any(self._survey.questions):
            hint = say("write each question as a heading with two signs: ## ..., what is asked")
            self._report(say("the survey asks nothing"), hint, len(self._lines))
        self._limit(
            say("the survey has more than {most} pages", most=MOST_PAGES),
            [one.heading.line for one in self._survey.pages],
            MOST_PAGES,
        )
        questions = list(self._survey.questions)
        self._limit(
            say("the survey has more than {most} questions", most=MOST_QUESTIONS),
            [one.heading.line for one in questions],
            MOST_QUESTIONS,
        )
        return self._survey

    def _take_heading(self, opening: Token, inline: Token) -> None:
        line = _line_of(opening)
        level = int(opening.tag[1:])
        if not opening.markup.startswith("#"):
            hint = say("write “# ...” for a page and “## ...” for a question, and no line below it")
            self._report(say("a line below words makes them a heading"), hint, line)
        elif level > 2:
            hint = say("write “# ...” for a page and “## ...” for a question, or bold words")
            self._report(say("a survey has headings of two sizes alone"), hint, line)
        elif level == 1:
            heading = self._fields.written(inline.content, line)
            self._page = WrittenPage(heading=heading)
            self._question = None
            self._survey.pages.append(self._page)
        else:
            self._begin_question(inline.content, line)

    def _begin_question(self, text: str, line: int) -> None:
        text = _ID_THEN_MUST.sub(r"\2 \1", self._fields.clipped(text, line))
        words, sign, id = text.partition("{#") if text.rstrip().endswith("}") else (text, "", "")
        is_required = _MUST.search(words) is not None
        heading = self._fields.written(_MUST.sub("", words) + f" {sign}{id}", line)
        if not heading.words:
            hint = say("write behind the signs what is asked")
            self._report(say("a question has no words"), hint, line)
        self._question = WrittenQuestion(heading=heading, is_required=is_required)
        if self._page is None:
            self._page = WrittenPage(heading=Written(words="", line=line))
            self._survey.pages.append(self._page)
        self._page.questions.append(self._question)

    def _take_paragraph(self, opening: Token, inline: Token) -> None:
        rest: list[str] = []
        for line, text in enumerate(inline.content.split("\n"), _line_of(opening)):
            if match := _SHOW_IF.fullmatch(text):
                self._show_if(match[1].strip(), line)
            elif self._question and (found := self._fields.line(text, line)):
                self._add(found)
            else:
                rest.append(text)
        self._keep("\n".join(rest))

    def _show_if(self, text: str, line: int) -> None:
        column = max(self._lines[line - 1].find(text), 0) + 1
        where = self._question or self._page
        if where is None:
            hint = say("write it below the heading of a page or a question")
            self._report(say("a condition stands before all headings"), hint, line)
        elif where.show_if:
            hint = say("join both by “and”, on one line")
            self._report(say("a second condition stands here"), hint, line)
        elif not text:
            hint = say("write what it depends on, such as “Show if network = yes”")
            self._report(say("the condition is empty"), hint, line)
        else:
            where.show_if = WrittenCondition(text=text.rstrip(" ."), line=line, column=column)

    def _add(self, found: Field | None) -> None:
        if found is None:
            return
        if self._question is None:
            hint = say("write above it what is asked, as a heading with two signs: ## ...")
            self._report(say("what is to be filled in belongs to no question"), hint, found.line)
            return
        own = self._question.fields
        if own and own[0].kind is not found.kind:
            hint = say("make two questions of it")
            self._report(say("a question has two kinds of answers"), hint, found.line)
        elif own and found.kind in (QuestionKind.ONE, QuestionKind.MANY):
            own[0].options += found.options
        elif own and found.kind is not QuestionKind.TEXT:
            hint = say("make two questions of it")
            self._report(say("a question is answered twice"), hint, found.line)
        else:
            own.append(found)

    def _keep(self, text: str) -> None:
        if text.strip():
            if self._question:
                self._question.helps.append(text)
            else:
                (self._page or self._survey).leads.append(text)

    def _source_of(self, token: Token) -> str:
        start, end = token.map or [0, 0]
        return "\n".join(self._lines[start:end]).rstrip()

    def _verify(self, question: WrittenQuestion) -> None:
        line = question.heading.line
        if not question.fields:
            hint = say(
                "write below it ( ) or [ ] before each answer, ____ for words, "
                "“1 not at all ... 5 very”, or a table"
            )
            words = question.heading.words
            self._report(
                say("nothing says how “{question}” is answered", question=words), hint, line
            )
            return
        options, most = question.field.options, question.most
        self._limit(
            say("a question has more than {most} answers", most=MOST_OPTIONS),
            [one.line for one in options],
            MOST_OPTIONS,
        )
        self._limit(
            say("a table has more than {most} rows", most=MOST_OPTIONS),
            [one.line for one in question.field.rows],
            MOST_OPTIONS,
        )
        if question.kind is QuestionKind.ONE and len(options) < 2:
            hint = say("write one more; for a single box that may stay empty, use [ ]")
            self._report(say("there is one answer to choose"), hint, question.field.line)
        if most is not None and not 1 <= most < max(len(options), 2):
            hint = say("say how many of the {count} may be chosen", count=len(options))
            self._report(
                say("at most {most} may be chosen, of {n}", most=most, n=len(options)), hint, line
            )

    def _limit(self, message: Wording, lines: Sequence[int], most: int) -> None:
        if len(lines) > most:
            self._report(message, say("divide it; nobody answers as many"), lines[most])

    def _report(self, message: Wording, hint: Wording, line: int) -> None:
        self._fields.findings.append(rules.SURVEY_QUESTION.error(message, hint, line=line))


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the outermost blocks, each with all tokens in it."""
    start = 0
    for n, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : n + 1]
            start = n + 1


def _line_of(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
