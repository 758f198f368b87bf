"""Reads surveys/ID.md, and ID.sv.md beside it: files -> Survey, each mistake with its line."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.content.headed_files import HeadedFile, read_headed
from newsletter.content.issuefiles import list_files
from newsletter.content.survey_conditions import settle_conditions
from newsletter.content.survey_heads import (
    EXAMPLE,
    OPEN_TO_ALL,
    WORDLESS,
    Head,
    OtherHead,
    read_head,
)
from newsletter.content.survey_ids import write_ids
from newsletter.content.survey_joining import Joined, join_languages
from newsletter.content.survey_questions import WrittenSurvey, read_questions
from newsletter.errors import FindingsError, UsageError
from newsletter.files import read_file
from newsletter.language import closest, say
from newsletter.model import (
    Finding,
    QuestionKind,
    Severity,
    Survey,
    SurveyKind,
    rules,
)
from newsletter.segments import SegmentError, parse_segment

MOST_ROWS, MOST_COLUMNS = 7, 5  # of a table that a phone shows well
_LONGEST = 300_000  # characters of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReading:
    """What the files of a survey say, and what is wrong with them."""

    id: str
    survey: Survey | None  # None: there are errors among the findings
    findings: tuple[Finding, ...]
    paths: Mapping[str, Path]  # by language
    # By language: where its file lacks ids, as line, cell of a table, and id.
    unnamed: Mapping[str, Sequence[tuple[int, int | None, str]]]


def find_surveys(folder: Path) -> list[str]:
    """Return the ids of the surveys in a folder."""
    return sorted({id for id, _, _ in list_files(folder)})


def read_survey(
    folder: Path, survey_id: str, *, language: str, now: dt.datetime | None = None
) -> SurveyReading:
    """Read the files of a survey; raise UsageError with the nearest id if there are none.

    `language` is the newsletter's own, which files have whose name has none; `now` the local time,
    by which it is told that a survey would be closed already.
    """
    named = [(lang or language, path) for id, lang, path in list_files(folder) if id == survey_id]
    if not named:
        raise _no_such(folder, survey_id)
    named.sort(key=lambda one: (one[0] != language, one[0]))
    files: dict[str, HeadedFile] = {}
    findings: list[Finding] = []
    for lang, path in named:
        if lang in files:
            findings.append(_twins(files[lang], path, lang))
            continue
        try:
            files[lang] = read_headed(path, rules.SURVEY_FILE, example=EXAMPLE, wordless=WORDLESS)
        except FindingsError as err:
            findings += err.findings
    survey, joined, found = (None, None, []) if findings else _read(survey_id, files, folder, now)
    findings += found
    has_errors = any(finding.severity is Severity.ERROR for finding in findings)
    return SurveyReading(
        id=survey_id,
        survey=None if has_errors else survey,
        findings=tuple(sorted(findings, key=lambda one: (one.path, one.line or 0))),
        paths={lang: path for lang, path in reversed(named)},
        unnamed=joined.unnamed if joined else {},
    )


def name_everything(reading: SurveyReading) -> Iterator[tuple[Path, str]]:
    """Yield the files of a survey that lack ids, with their text once all of them have theirs."""
    for language, ids in reading.unnamed.items():
        if ids:
            path = reading.paths[language]
            text = read_file(path).decode("utf-8-sig")
            yield path, write_ids(text, ids)


def _read(
    survey_id: str, files: Mapping[str, HeadedFile], folder: Path, now: dt.datetime | None
) -> tuple[Survey | None, Joined | None, list[Finding]]:
    findings: list[Finding] = []
    bodies: dict[str, WrittenSurvey] = {}
    heads: dict[str, OtherHead] = {}
    for language, file in files.items():
        head, found = read_head(file, OtherHead if heads or bodies else Head)
        findings += found
        if len(file.body) > _LONGEST:
            message = say("the file has more than {most:,} characters", most=_LONGEST)
            hint = say("divide it; nobody answers as many")
            findings.append(rules.SURVEY_FILE.error(message, hint, line=1).in_file(file.name))
            continue
        bodies[language] = read_questions("\n" * (file.body_line - 1) + file.body)
        findings += [one.in_file(file.name) for one in bodies[language].findings]
        if head is not None:
            heads[language] = head
    if any(one.severity is Severity.ERROR for one in findings):
        return None, None, findings
    own, main = next(iter(files.items()))
    head = heads[own]
    assert isinstance(head, Head)  # noqa: S101 - of the first file
    joined = join_languages(bodies)
    pages = () if joined.findings else settle_conditions(joined)
    survey = Survey(
        id=survey_id,
        kind=SurveyKind(head.kind),
        titles={lang: one.title for lang, one in heads.items()},
        leads={lang: "\n\n".join(body.leads) for lang, body in bodies.items() if body.leads},
        pages=pages,
        closes=head.closes,
        is_open_to_all=head.open_to_all,
        compare=head.compare,
        segment=head.segment,
        thanks={lang: one.thanks for lang, one in heads.items() if one.thanks},
        lines=main.lines,
    )
    judged = [*_judge(survey, now), *_judge_names(survey, folder)]
    findings += [one.in_file(main.name) for one in judged]
    findings += [one.in_file(files[lang].name) for lang, one in joined.findings]
    return survey, joined, findings


def _judge(survey: Survey, now: dt.datetime | None) -> Iterator[Finding]:
    """Yield what is wrong with a survey as a whole."""
    if now and survey.closes and survey.closes <= now:
        yield rules.SURVEY_CLOSING.warning(
            "the survey closes before today",
            "write a day that is to come, or leave the line out and close it by hand",
            line=survey.lines.get("closes", 1),
        )
    if survey.is_open_to_all and survey.kind is not SurveyKind.ANONYMOUS:
        yield rules.SURVEY_FILE.error(
            "a survey that is open to all knows nobody, so it has no names and is no poll",
            "write “kind: anonymous”, or leave “open to all” out",
            line=survey.lines.get(OPEN_TO_ALL, 1),
        )
    if survey.is_open_to_all and survey.segment:
        yield rules.SURVEY_FILE.error(
            "a survey that is open to all invites nobody by a segment",
            "leave one of the lines out",
            line=survey.lines.get("segment", 1),
        )
    for question in survey.questions:
        if question.kind is not QuestionKind.MATRIX:
            continue
        if len(question.rows) > MOST_ROWS or len(question.options) > MOST_COLUMNS:
            yield rules.SURVEY_MATRIX.warning(
                "the table “{id}” has {rows} rows and {columns} columns",
                "at most {most_rows} rows and {most_columns} columns can be answered on a phone; "
                "divide it",
                line=question.line,
                id=question.id,
                rows=len(question.rows),
                columns=len(question.options),
                most_rows=MOST_ROWS,
                most_columns=MOST_COLUMNS,
            )


def _judge_names(survey: Survey, folder: Path) -> Iterator[Finding]:
    """Yield what a survey names that is not there."""
    if survey.compare and survey.compare not in find_surveys(folder):
        near = closest(survey.compare, find_surveys(folder))
        hint = say("did you mean “{name}”?", name=near) if near else say("leave the line out")
        message = say("there is no survey “{id}” to compare with", id=survey.compare)
        yield rules.SURVEY_FILE.warning(message, hint, line=survey.lines.get("compare", 1))
    try:
        if survey.segment:
            parse_segment(survey.segment)
    except SegmentError as err:
        hint = say("expected: {expected}", expected=", ".join(err.expected))
        message = say("“{key}”: {reason}", key="segment", reason=err.words)
        yield rules.SURVEY_FILE.error(message, hint, line=survey.lines.get("segment", 1))


def _twins(first: HeadedFile, second: Path, language: str) -> Finding:
    name = f"{second.parent.name}/{second.name}"
    message = say(
        "{first} and {second} are both in “{language}”",
        first=first.name,
        second=name,
        language=language,
    )
    return rules.SURVEY_FILE.error(message, say("keep one of them"), line=1).in_file(name)


def _no_such(folder: Path, survey_id: str) -> UsageError:
    close = closest(survey_id.removesuffix(".md"), find_surveys(folder), likeness=0.4)
    hint = (
        say("did you mean “{name}”?", name=close)
        if close
        else say("“newsletter surveys new” makes one")
    )
    return UsageError(
        say(
            "there is no survey “{survey}” in {folder}; {hint}",
            survey=survey_id,
            folder=str(folder),
            hint=hint,
        )
    )
