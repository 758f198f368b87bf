"""Reads surveys/ID.md, and ID.sv.md beside it: files -> Survey, each mistake with its line."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.content import (
    headed_files,
    issuefiles,
    survey_conditions,
    survey_heads,
    survey_ids,
    survey_joining,
    survey_judging,
    survey_questions,
)
from newsletter.errors import FindingsError, UsageError
from newsletter.files import read_file
from newsletter.language import closest, say
from newsletter.model import (
    Finding,
    Severity,
    Survey,
    SurveyKind,
    rules,
)

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
    return sorted({id for id, _, _ in issuefiles.list_files(folder)})


def read_survey(
    folder: Path, survey_id: str, *, language: str, now: dt.datetime | None = None
) -> SurveyReading:
    """Read the files of a survey; raise UsageError with the nearest id if there are none.

    `language` is the newsletter's own, which files have whose name has none; `now` the local time,
    by which it is told that a survey would be closed already.
    """
    named = [
        (lang or language, path)
        for id, lang, path in issuefiles.list_files(folder)
        if id == survey_id
    ]
    if not named:
        raise _no_such(folder, survey_id)
    named.sort(key=lambda one: (one[0] != language, one[0]))
    files: dict[str, headed_files.HeadedFile] = {}
    findings: list[Finding] = []
    for lang, path in named:
        if lang in files:
            findings.append(_twins(files[lang], path, lang))
            continue
        try:
            files[lang] = headed_files.read_headed(
                path,
                rules.SURVEY_FILE,
                example=survey_heads.EXAMPLE,
                wordless=survey_heads.WORDLESS,
            )
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
            yield path, survey_ids.write_ids(text, ids)


def _read(
    survey_id: str,
    files: Mapping[str, headed_files.HeadedFile],
    folder: Path,
    now: dt.datetime | None,
) -> tuple[Survey | None, survey_joining.Joined | None, list[Finding]]:
    findings: list[Finding] = []
    bodies: dict[str, survey_questions.WrittenSurvey] = {}
    heads: dict[str, survey_heads.OtherHead] = {}
    for language, file in files.items():
        head, found = survey_heads.read_head(
            file, survey_heads.OtherHead if heads or bodies else survey_heads.Head
        )
        findings += found
        if len(file.body) > _LONGEST:
            message = say("the file has more than {most:,} characters", most=_LONGEST)
            hint = say("divide it; nobody answers as many")
            findings.append(rules.SURVEY_FILE.error(message, hint, line=1).in_file(file.name))
            continue
        bodies[language] = survey_questions.read_questions("\n" * (file.body_line - 1) + file.body)
        findings += [one.in_file(file.name) for one in bodies[language].findings]
        if head is not None:
            heads[language] = head
    if any(one.severity is Severity.ERROR for one in findings):
        return None, None, findings
    own, main = next(iter(files.items()))
    head = heads[own]
    assert isinstance(head, survey_heads.Head)  # noqa: S101 - of the first file
    joined = survey_joining.join_languages(bodies)
    pages = () if joined.findings else survey_conditions.settle_conditions(joined)
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
    judged = survey_judging.judge_survey(survey, find_surveys(folder), now)
    findings += [one.in_file(main.name) for one in judged]
    findings += [one.in_file(files[lang].name) for lang, one in joined.findings]
    return survey, joined, findings


def _twins(first: headed_files.HeadedFile, second: Path, language: str) -> Finding:
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
