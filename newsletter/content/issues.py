"""Reads issue files: front matter validated, body turned into blocks, mistakes with their line."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsletter.addresses import check_mailbox
from newsletter.content.announced import NOTHING, Announced, find_twins, occasions_of
from newsletter.content.blocks import BlockReader
from newsletter.content.comments import remove_comments
from newsletter.content.directives import match_directives
from newsletter.content.issuefiles import name_parts, read_text, stop
from newsletter.content.limits import find_overlong, find_surplus
from newsletter.content.markdown import find_code, find_colons, parse_markdown
from newsletter.content.occasions import find_unshown, read_occasions
from newsletter.content.picturefiles import find_missing_pictures
from newsletter.content.plainyaml import BrokenYamlError, read_yaml
from newsletter.content.polls import place_polls
from newsletter.content.region_places import place_regions
from newsletter.content.slots import Marked, mark_slots
from newsletter.content.typesetting import set_headline, set_line, set_words
from newsletter.content.yamltexts import Fault
from newsletter.errors import AudienceError, FindingsError
from newsletter.language import nearest, reason_of, say, say_again, tag_of
from newsletter.model import (
    FRONT_TEXTS,
    NO_KINDS,
    SHOWN_TEXTS,
    Block,
    Finding,
    Issue,
    Kinds,
    Severity,
    Slot,
    rules,
)
from newsletter.segments import parse_segment

# What a value must be, where the validator's own message would not help an editor.
_WANTED = {
    "number": say("expected a whole number such as 6, without quotes"),
    "lang": say("expected a language such as fi, sv or en"),
    "provider_tag": say("expected up to 60 letters, digits, dots and dashes"),
}
# Keys whose values are not text, so that a comment after one loses nothing.
_WORDLESS = frozenset({"date", "number", "start", "end", "deadline", "skip_empty", "literal"})


class _FrontMatter(BaseModel):
    """What is allowed in the front matter of an issue."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subject: str
    date: dt.date
    preheader: str = ""
    kicker: str = ""
    headline: str = ""
    lead: str = ""
    byline: str = ""
    number: int | None = None
    lang: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    template: str = "default"
    sender: str = ""
    reply_to: str = ""
    segment: str = ""
    region: str = ""
    provider_tag: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,60}$")] = ""
    skip_empty: bool = False
    literal: bool = False
    events: Any = None  # read separately, each mistake with its line

    @field_validator("subject")
    @classmethod
    def _has_words(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(say("a subject needs words"))
        return value

    @field_validator(*FRONT_TEXTS)
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        line = " ".join(value.split())
        if any(unicodedata.category(c) in ("Cc", "Cs") for c in line):
            raise ValueError(say("holds characters that no mail may hold, such as controls"))
        return line

    @field_validator("lang")
    @classmethod
    def _as_others_write_it(cls, value: str | None) -> str | None:
        return tag_of(value) if value else value

    @field_validator("sender", "reply_to")
    @classmethod
    def _is_mailbox(cls, value: str) -> str:
        try:
            return check_mailbox(value) if value else ""
        except AudienceError as err:
            raise ValueError(err.words) from err

    @field_validator("date", mode="before")
    @classmethod
    def _is_date(cls, value: Any) -> Any:
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise ValueError(say("expected a day such as 2026-12-15, without quotes or a time"))
        return value

    @field_validator("segment")
    @classmethod
    def _is_segment(cls, value: str) -> str:
        if value:
            parse_segment(value)
        return value


_STAND_IN = _FrontMatter(subject="-", date=dt.date.min)  # so that reading can go on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """An issue file split in two; the body keeps the line numbers of the file."""

    path: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]  # line of each front matter key
    faults: tuple[Fault, ...]  # where YAML reads something other than a person would
    body: str
    marked: Marked


def read_issue(
    path: Path,
    *,
    root: Path,
    language: str,
    kinds: Kinds = NO_KINDS,
    announced: Announced = NOTHING,
) -> Issue:
    """Read one issue file; raise FindingsError with every mistake that keeps it from being built.

    `root` is the newsletter's folder, `language` the one to assume when the file names none;
    `kinds` are the blocks that the newsletter declares itself, `announced` the meetings and
    polls that it may name.
    """
    issue_id, _ = name_parts(path) or (path.stem, "")
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    issue, known = _read(read_text(path, name), name, issue_id, language, kinds, announced)
    issue, of_polls = place_polls(issue, announced.polls, language=announced.language)
    issue, of_regions = place_regions(issue, announced)
    pictures = find_missing_pictures(issue, path.parent, root)
    found = (_as_written(finding, issue.readable) for finding in pictures)
    findings = [*known, *of_polls, *of_regions, *found]
    if any(f.severity is Severity.ERROR for f in findings):
        raise FindingsError(tuple(sorted(findings, key=lambda f: f.line or 0)))
    return replace(issue, findings=tuple(findings))


@lru_cache(maxsize=8)
def _read(
    text: str, name: str, issue_id: str, language: str, kinds: Kinds, announced: Announced
) -> tuple[Issue, tuple[Finding, ...]]:
    """Return an issue and what is wrong with its text; cached by the text.

    An issue is read for its own sake, and again when the next one is compared with it.
    """
    if overlong := find_overlong(text):
        raise FindingsError((overlong.in_file(name),))
    source = _split_source(text, name)
    front, findings = _validate(source)
    tongue = "" if front.literal else front.lang or language
    occasions, occasion_findings = read_occasions(source.values.get("events"), source.lines, tongue)
    meetings = occasions_of(announced, front.lang or language, type_=tongue)
    occasion_findings += find_twins(occasions, meetings, source.lines)
    code = find_code(source.body) if "<!--" in source.body else []
    body = remove_comments(source.body, code)
    directives, directive_findings = match_directives(find_colons(body.text), kinds)
    document = parse_markdown(body.text, directives, source.marked.sources, type_=tongue)
    if surplus := tuple(f.in_file(name) for f in find_surplus(document.tokens)):
        raise FindingsError(surplus)
    reader = BlockReader(
        document,
        {**meetings, **occasions},
        kinds=kinds,
        language=front.lang or language,
        appeal=announced.appeal_in(front.date),
        unclosed_comments=body.unclosed,
    )
    blocks = reader.read()
    issue = _issue(front, blocks, source, issue_id=issue_id, language=language)
    findings += [] if source.faults else occasion_findings
    findings += [*directive_findings, *reader.findings]
    findings += find_unshown(occasions.values(), directives.values())
    findings = [_as_written(finding, source.marked.restore) for finding in findings]
    named = {each.arguments for each in directives.values() if each.name == "event"}
    of_meetings = announced.faults_of(named)
    return issue, (*(finding.in_file(name) for finding in findings), *of_meetings)


def _as_written(finding: Finding, restore: Callable[[str], str]) -> Finding:
    """Return a finding that quotes slots as the author wrote them."""
    message, hint = say_again(finding.message, restore), say_again(finding.hint, restore)
    return replace(finding, message=message, hint=hint)


def _issue(
    front: _FrontMatter, blocks: tuple[Block, ...], source: _Source, *, issue_id: str, language: str
) -> Issue:
    own = front.model_dump(exclude={"lang", "segment", "events", "literal"})
    if not front.literal:
        own |= _set_front(front, front.lang or language)
    return Issue(
        **own,
        id=issue_id,
        language=front.lang or language,
        path=source.path,
        segment=parse_segment(front.segment) if front.segment else None,
        blocks=blocks,
        marker_key=source.marked.key,
        slots=_used_slots(source, blocks),
        lines=source.lines,
    )


def _set_front(front: _FrontMatter, language: str) -> Mapping[str, Any]:
    """Return what readers see of the front matter, in fine type."""
    texts = {key: getattr(front, key) for key in FRONT_TEXTS}
    shown = {key: texts[key] for key in SHOWN_TEXTS} | {"headline": front.headline or front.subject}
    html = {key: set_line(text, language) for key, text in shown.items() if text}
    html["headline"] = set_headline(shown["headline"], language)
    return {**{key: set_words(text, language) for key, text in texts.items()}, "front_html": html}


def _split_source(text: str, name: str) -> _Source:
    marked = mark_slots(text)
    lines = marked.text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in (line.rstrip() for line in lines[1:]):
        hint = say(
            "begin with a line of three dashes, “subject: ...”, “date: ...” and three dashes again"
        )
        raise stop(rules.FRONT_MATTER, name, say("no front matter"), hint, line=1)
    end = next(n for n, line in enumerate(lines) if n and line.rstrip() == "---")
    try:
        reading = read_yaml("\n".join(lines[1:end]), first=2, wordless=_WORDLESS)
    except BrokenYamlError as err:
        fault = err.fault
        raise stop(rules.FRONT_MATTER, name, fault.message, fault.hint, line=fault.line) from err
    return _Source(
        path=name,
        values=reading.values,
        lines=reading.lines,
        faults=reading.faults,
        body="\n" * (end + 1) + "\n".join(lines[end + 1 :]),
        marked=marked,
    )


def _validate(source: _Source) -> tuple[_FrontMatter, list[Finding]]:
    """Return the front matter; with findings it is only a stand-in, so that reading goes on."""
    if source.faults:  # what was misread is not judged as well
        error = rules.FRONT_MATTER.error
        return _STAND_IN, [error(f.message, f.hint, line=f.line) for f in source.faults]
    values = {("sender" if k == "from" else k): v for k, v in source.values.items()}
    if "sender" in source.values:
        values["sender "] = values.pop("sender")  # only `from` is a key of an issue
    try:
        return _FrontMatter.model_validate(values), []
    except ValidationError as err:
        return _STAND_IN, [_explain(e, source) for e in err.errors()]


def _explain(error: Any, source: _Source) -> Finding:
    key = str(error["loc"][0]).strip()
    key = "from" if key == "sender" and "from" in source.values else key
    known = [n for n in _FrontMatter.model_fields if n != "sender"] + ["from"]
    hint = ""
    if error["type"] == "missing":
        message = say("“{key}” is missing", key=key)
        hint = say("add a line “{key}: ...” between the dashes", key=key)
    elif error["type"] == "extra_forbidden":
        message = say("unknown key “{key}”", key=key)
        hint = nearest(key, known)
    else:
        reason = _WANTED.get(key) or reason_of(error)
        message = say("“{key}”: {reason}", key=key, reason=reason)
        if error["type"] == "string_type":
            hint = say("put the value between quotes")
    return rules.FRONT_MATTER.error(message, hint, line=source.lines.get(key, 1))


def _used_slots(source: _Source, blocks: tuple[Block, ...]) -> tuple[Slot, ...]:
    """Return the slots in the subject, preheader or blocks, except those only in code."""
    written = f"{source.values} {blocks!r}"
    return tuple(slot for slot in source.marked.slots if slot.marker in written)
