"""Checks that an issue says the same in all its languages; each file is told what it lacks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checking.instruments import (
    Draft,
    Passage,
    calendar_words,
    checks,
    find_days,
    is_main,
    links_of,
    no_translation,
    passages_in,
    passages_of,
    section_after,
)
from newsletter.language import MARKS, Wording, say, say_many
from newsletter.model import (
    FRONT_TEXTS,
    SHOWN_TEXTS,
    Block,
    Counterpart,
    Finding,
    Heading,
    Image,
    Issue,
    Occasion,
    Rule,
    walk,
)

# Numbers below ten are words in good prose. Thousands are separated; decimals follow a comma or a
# point.
_NUMBER = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:[ \u00a0.,]\d{3})+(?!\d)|(?<![\w.,/-])\d+(?:[.,]\d+)?(?![\w])"
)
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})[.:](\d\d)(?: ?([ap])\.?m\b)?(?!\d|[.:]\d|\s?(?:%|€|eu))", re.I
)
_SHORT_TIME = re.compile(r"(?<![\d.:])(\d{1,2}) ?([ap])\.?m\b", re.I)
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\S+@\S+|\+\d[\d ()-]{6,}\d|\b0\d{1,3}[ -]?\d[\d -]{4,}\d"
)

# Comes before what is still to be translated.
_MARK = re.compile("|".join(rf"{re.escape(each.translate)} ?" for each in MARKS.values()))


PARITY_HEADINGS = Rule(
    id="parity-headings", summary="The issue has the same headings in all languages"
)
PARITY_LINKS = Rule(id="parity-links", summary="Each section has as many links in all languages")
PARITY_PICTURES = Rule(
    id="parity-pictures", summary="The issue has as many pictures in all languages"
)


@checks(PARITY_HEADINGS, PARITY_LINKS, PARITY_PICTURES, unless=no_translation)
def check_shape(draft: Draft) -> Iterator[Finding]:
    """There are as many headings, links and pictures as in the other languages."""
    own = _shape(draft.issue)
    for other in _others(draft):
        theirs = _shape(other)
        yield from _headings(other, own, theirs)
        yield from _links(other, own, theirs)
        if own.pictures < theirs.pictures:
            yield PARITY_PICTURES.warning(
                _fewer_pictures(own.pictures, theirs.pictures, other.path),
                "add what is missing, or take it out there",
                line=1,
            )


PARITY_DATES = Rule(id="parity-dates", summary="The issue names the same days in all languages")
PARITY_NUMBERS = Rule(
    id="parity-numbers", summary="The issue has the same figures and times in all languages"
)
PARITY_SUBJECT = Rule(
    id="parity-subject",
    summary="Subject, preheader, headline and lead are in the language of the file",
)
_TRANSLATED = ("subject", "preheader", "headline", "lead")  # the others may well be the same


@checks(PARITY_DATES, PARITY_NUMBERS, PARITY_SUBJECT, unless=no_translation)
def check_facts(draft: Draft) -> Iterator[Finding]:
    """Dates, times and figures of the other languages are here, too."""
    others = _others(draft)
    levels = _shape(draft.issue).levels
    own_days, own_figures = _facts(draft.issue, others[0].language)
    for other in others:
        days, figures = _facts(other, draft.issue.language)
        own = {**own_days, **own_figures, **_short(own_days)}
        has_same_sections = _shape(other).levels == levels
        for rule, theirs in ((PARITY_DATES, days), (PARITY_NUMBERS, figures)):
            yield from _lacking(draft, other, rule, own, theirs, in_order=has_same_sections)
        if is_main(other):
            yield from _untranslated(draft, other)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The structure and the facts of an issue."""

    levels: tuple[int, ...]  # of the headings
    lines: tuple[int, ...]  # where each section begins, the first being the one without a heading
    sections: tuple[tuple[int, int], ...]  # their numbers, as those of passages
    links: tuple[int, ...]  # in each section
    pictures: int


Facts = dict[str, tuple[Passage, str]]  # what, in a form common to all languages -> where and how


def _others(draft: Draft) -> list[Issue]:
    """Return the issues to compare: a translation with its original, an original with them all."""
    lead = next((issue for issue in draft.siblings.values() if is_main(issue)), None)
    return [lead] if lead else list(draft.siblings.values())


def _shape(issue: Issue) -> _Shape:
    levels: list[int] = []
    lines, links, sections = [1], [0], [(0, 0)]
    pictures = 0
    for block in walk(issue.blocks):
        if isinstance(block, Heading):
            levels.append(block.level)
            lines.append(block.line)
            links.append(0)
            sections.append(section_after(sections[-1], block))
        links[-1] += sum(1 for url, _ in links_of(block) if not url.startswith("#"))
        pictures += _pictures_in(block)
    return _Shape(
        levels=tuple(levels),
        lines=tuple(lines),
        sections=tuple(sections),
        links=tuple(links),
        pictures=pictures,
    )


def _pictures_in(block: Block) -> int:
    return isinstance(block, Image) + str(getattr(block, "html", "")).count("<img ")


def _headings(other: Issue, own: _Shape, theirs: _Shape) -> Iterator[Finding]:
    if own.levels == theirs.levels or len(own.levels) > len(theirs.levels):
        return
    if len(own.levels) < len(theirs.levels):
        message = _fewer_headings(len(own.levels), len(theirs.levels), other.path)
        line = 1
    elif is_main(other):
        pairs = enumerate(zip(own.levels, theirs.levels, strict=True))
        at = next(n for n, (mine, level) in pairs if mine != level)
        message = say(
            "a heading of level {level} here, of level {other_level} in {file}:{line}",
            level=own.levels[at],
            other_level=theirs.levels[at],
            file=other.path,
            line=theirs.lines[at + 1],
        )
        line = own.lines[at + 1]
    else:
        return  # it is reported in the translation
    yield PARITY_HEADINGS.warning(
        message, "readers of both languages should find the same", line=line
    )


def _links(other: Issue, own: _Shape, theirs: _Shape) -> Iterator[Finding]:
    """Yield the sections with fewer links; the whole issue if the sections differ."""
    if own.levels != theirs.levels:
        if sum(own.links) < sum(theirs.links):
            yield _fewer_links_in(other, sum(own.links), sum(theirs.links), line=1, there=1)
        return
    for here, section in enumerate(own.sections):
        count, wanted, there = own.links[here], theirs.links[here], theirs.lines[here]
        if count < wanted:
            found = _fewer_links_in(other, count, wanted, line=own.lines[here], there=there)
            yield found.beside(
                Counterpart(
                    path=other.path,
                    line=there,
                    words=_count_links(wanted),
                    instead=_count_links(count),
                    section=section,
                    is_original=is_main(other),
                )
            )


def _fewer_links_in(other: Issue, count: int, wanted: int, *, line: int, there: int) -> Finding:
    return PARITY_LINKS.warning(
        _fewer_links(count, wanted, other.path, there),
        "add what is missing, or take it out there",
        line=line,
    )


def _count_links(count: int) -> str:
    return say_many("{n} link", "{n} links", n=count) if count else say("no links")


def _fewer_pictures(count: int, there: int, file: str) -> str:
    if not count:
        return say("no pictures here, {there} in {file}", there=there, file=file)
    return say_many(
        "{n} picture here, {there} in {file}",
        "{n} pictures here, {there} in {file}",
        n=count,
        there=there,
        file=file,
    )


def _fewer_headings(count: int, there: int, file: str) -> str:
    if not count:
        return say("no headings here, {there} in {file}", there=there, file=file)
    return say_many(
        "{n} heading here, {there} in {file}",
        "{n} headings here, {there} in {file}",
        n=count,
        there=there,
        file=file,
    )


def _fewer_links(count: int, there: int, file: str, line: int) -> str:
    if not count:
        return say(
            "no links from here on, {there} in {file}:{line}", there=there, file=file, line=line
        )
    return say_many(
        "{n} link from here on, {there} in {file}:{line}",
        "{n} links from here on, {there} in {file}:{line}",
        n=count,
        there=there,
        file=file,
        line=line,
    )


def _facts(issue: Issue, original: str) -> tuple[Facts, Facts]:
    """Return the days an issue mentions, and its times and figures.

    Text still to be translated is read in the language of the original.
    """
    days: Facts = {}
    figures: Facts = {}
    for passage in passages_in(issue):
        text, marks = _MARK.subn("", passage.text)
        text = _ADDRESS.sub(lambda m: " " * len(m[0]), text)
        for day in find_days(text, original if marks else issue.language):
            if not day.is_possible:
                continue  # a time at the end of a sentence: “at 15.30.”
            for date in day.dates(issue.date)[:1]:
                days.setdefault(f"{date:%d.%m.%Y}", (passage, day.text))
            text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
        for time, words in _times(text):
            figures.setdefault(time, (passage, words))
        text = _TIME.sub(" ", _SHORT_TIME.sub(" ", calendar_words.CLOCK.sub(" ", text)))
        for match in _NUMBER.finditer(text):
            number = _normal(match[0])
            if len(number) > 1:
                figures.setdefault(number, (passage, match[0]))
    for block in walk(issue.blocks):
        if isinstance(block, Occasion):
            passage = Passage(text="", line=block.line, end=block.line + 1, role="event")
            days.setdefault(f"{block.start:%d.%m.%Y}", (passage, f"{block.start:%d.%m.%Y}"))
    return days, figures


def _times(text: str) -> Iterator[tuple[str, str]]:
    """Yield the times of a text, both as “9:30” and as written."""
    for match in calendar_words.clocks_in(text):
        for hour, minute in ((match[1], match[2]), (match[3], match[4])):
            if hour:
                yield _clock(hour, minute, match[5]), match[0].strip()
    rest = calendar_words.CLOCK.sub(" ", text)
    for match in _TIME.finditer(rest):
        if int(match[1]) <= 24 and int(match[2]) <= 59:
            yield _clock(match[1], match[2], match[3]), match[0]
    for match in _SHORT_TIME.finditer(rest):
        yield _clock(match[1], None, match[2]), match[0]


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.lower() == "p" else 0)
    return f"{number}:{minute or '00'}"


def _normal(number: str) -> str:
    """Return a number as programs write it: no thousands separators, a decimal point."""
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0.,]\d{3})+", number):
        return re.sub(r"\D", "", number)
    return number.replace(",", ".")


def _lacking(
    draft: Draft, other: Issue, rule: Rule, own: Facts, theirs: Facts, *, in_order: bool
) -> Iterator[Finding]:
    """Yield the facts that are not here; `in_order` if both have the same sections."""
    for fact, (passage, words) in theirs.items():
        if fact in own or _short_day(fact) in own:
            continue
        found = rule.warning(
            say(
                "“{words}” is in {file}:{line}, but not here",
                words=words,
                file=other.path,
                line=passage.line,
            ),
            "compare both; one of them may be wrong",
            line=_counterpart(draft, passage),
        )
        yield found.beside(
            Counterpart(
                path=other.path,
                line=passage.line,
                words=say("“{words}”", words=words),
                section=passage.section if in_order else None,
                is_original=is_main(other),
            )
        )


def _short(days: Facts) -> Facts:
    return {_short_day(day): found for day, found in days.items()}


def _short_day(fact: str) -> str:
    """Return a day as a figure: Swedish often omits the second point, “senast 31.1”."""
    match = re.fullmatch(r"(\d\d)\.(\d\d)\.\d{4}", fact)
    return f"{int(match[1])}.{int(match[2])}" if match else fact


def _counterpart(draft: Draft, passage: Passage) -> int:
    """Return the line where the counterpart of another language's section should be."""
    if passage.role in FRONT_TEXTS:  # it stands at the same key of the front matter
        own = (p.line for p in passages_of(draft) if p.role == passage.role)
        return next(own, 1)
    same = (p.line for p in passages_of(draft) if p.section == passage.section)
    in_body = (line for line in same if line > max(draft.issue.lines.values(), default=0))
    return next(in_body, 1)


def _untranslated(draft: Draft, lead: Issue) -> Iterator[Finding]:
    """Yield what readers see of the front matter that is the other language's, or missing."""
    theirs = {p.role: p.text for p in passages_in(lead) if p.role in _TRANSLATED}
    for passage in passages_of(draft):
        if theirs.get(passage.role) == passage.text:
            yield PARITY_SUBJECT.warning(
                _same_as(lead.path, passage.role), "translate it", line=passage.line
            )
    for key in SHOWN_TEXTS:
        if getattr(lead, key) and not getattr(draft.issue, key):
            yield PARITY_SUBJECT.warning(
                "“{key}” is missing here; {file} has it",
                say("add a line “{key}: ...” between the dashes", key=key),
                line=1,
                key=key,
                file=lead.path,
            )


def _same_as(file: str, key: str) -> Wording:
    match key:
        case "subject":
            return say("the subject is the same as in {file}", file=file)
        case "preheader":
            return say("the preheader is the same as in {file}", file=file)
    return say("“{key}” is the same as in {file}", key=key, file=file)
