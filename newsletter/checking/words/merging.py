"""Checks that the text reads well for every reader, whatever is in their data."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import (
    Draft,
    checks,
    graphemes,
    pieces_of,
    primary,
    untagged,
    vocabulary,
)
from newsletter.language import say
from newsletter.model import FRONT_TEXTS, Finding, Rule, Severity, Skipped, Slot, Specimen

_OWN = frozenset({"email", "unsubscribe_url", "preferences_url"})
_AROUND = 40  # characters of text on either side of a slot
# What a missing word leaves behind: a space before a comma, two commas, empty brackets.
_GAP = re.compile(r"\w\s+[,!?;:](?:\s|$)|,\s*,|!\s*,|\(\s*\)|\w {2,}\w")
_NO_VALUE = re.compile(r"(?:none|null|nan|nil|undefined|n/?a|#n/a)", re.I)
_ENDING = re.compile(r":?[a-zåäö]{1,6}(?![\w])")
_SUBJECT_MOST = 70  # characters
_PRIVATE = re.compile(vocabulary.PATTERNS["private_data"], re.I)


MERGE_FALLBACK = Rule(
    id="merge-fallback",
    summary="The text reads well for readers of whom nothing is known, and of whom too much is",
    source="CWE-79, CWE-1336; this program",
)
MERGE_INFLECTION = Rule(
    id="merge-inflection",
    summary="No ending is joined to a word that each reader has a different one of",
    source="Iso suomen kielioppi; this program",
)


@checks(MERGE_FALLBACK, MERGE_INFLECTION)
def check_merging(draft: Draft) -> Iterator[Finding]:
    """No reader gets half a greeting, a marker, markup from a name, or a wrong inflection."""
    for specimen in draft.specimens:
        yield from _unfilled(specimen)
    for text, line in _texts(draft):
        for slot in draft.issue.slots:
            for match in re.finditer(re.escape(slot.marker), text):
                before, after = text[: match.start()], text[match.end() :]
                yield from _gaps(draft, slot, before, after, line)
                yield from _endings(draft, slot, after, line)
    if draft.audience and _shown_in_subject(draft) <= set(draft.audience.longest):
        yield from _long_subject(draft)


MERGE_PII_MINIMAL = Rule(
    id="merge-pii-minimal",
    summary="Nobody's identity number or date of birth is kept or mailed",
    source="GDPR, article 5(1)(c); Data Protection Act 1050/2018, section 29",
)
MERGE_DATA = Rule(id="merge-data", summary="Names are written as people write them")


@checks(MERGE_PII_MINIMAL, MERGE_DATA)
def check_data(draft: Draft) -> Iterator[Finding | Skipped]:
    """Data about readers is no more than the letter needs, and fit to be shown."""
    for slot in draft.issue.slots:
        if _PRIVATE.fullmatch(slot.name):
            yield MERGE_PII_MINIMAL.error(
                "{slot} would put “{name}” into a mail, which anybody may read on its way",
                "leave it out; no newsletter needs it",
                line=slot.line,
                slot=slot.source,
                name=slot.name,
            )
    if draft.audience is None:
        yield MERGE_DATA.skipped(say("nobody has been imported yet"))
        return
    shown = {slot.name for slot in draft.issue.slots}
    for name in sorted(draft.audience.attributes - shown):
        if _PRIVATE.fullmatch(name):
            yield MERGE_PII_MINIMAL.warning(
                "the list of subscribers holds “{name}”, which no newsletter needs",
                "remove that column and import the list again",
                name=name,
            )
    greeting = next((slot for slot in draft.issue.slots if slot.name == "name"), None)
    if greeting and (odd := draft.audience.odd_names):
        yield MERGE_DATA.warning(
            "{odd} of {recipients} names are in capital letters, or hold digits or an address, "
            "and would be shown like that",
            "mend them in your list and import it again",
            line=greeting.line,
            odd=odd,
            recipients=draft.audience.recipients,
        )


def _unfilled(specimen: Specimen) -> Iterator[Finding]:
    parts = (specimen.subject, specimen.html, specimen.text)
    for slot in specimen.edition.slots:
        if any(slot.marker in part for part in parts):
            yield MERGE_FALLBACK.error(
                "{slot} is not filled in",
                "the template must show values as they are; look there",
                line=slot.line or None,
                slot=slot.source or slot.name,
            )


def _texts(draft: Draft) -> Iterator[tuple[str, int | None]]:
    """Yield each line readers see, with slots as markers, and its place in the issue."""
    yield from ((getattr(draft.issue, key), draft.line_of(key)) for key in FRONT_TEXTS)
    for _, html in pieces_of(draft):
        if draft.issue.marker_key in html:
            for text in re.split(r"</?(?:p|li|br|td|th|div)\b[^>]*>", html):
                yield untagged(text), None


def _gaps(draft: Draft, slot: Slot, before: str, after: str, line: int | None) -> Iterator[Finding]:
    """Yield a finding where a text reads wrong for those without a value."""
    if slot.name in _OWN or (draft.audience and slot.fallback is None):
        return  # nobody lacks a value, or “slot-unfilled” reports it
    value = slot.fallback or ""
    if value and _NO_VALUE.fullmatch(value.strip()):
        message = say(
            "{slot} becomes “{fallback}” without a value", slot=slot.source, fallback=value
        )
        yield _warn(slot, message, line, certain=True)
        return
    left, right = before[-_AROUND:], after[:_AROUND]
    if _GAP.search(left + value + right) and not _GAP.search(left + "x" + right):
        shown = draft.readable(f"{left.split('. ')[-1]}{value}{right.split('. ')[0]}").strip()
        message = say("{slot}: without a value this reads “{shown}”", slot=slot.source, shown=shown)
        yield _warn(slot, message, line, certain=slot.fallback is not None)


def _warn(slot: Slot, message: str, line: int | None, *, certain: bool) -> Finding:
    return MERGE_FALLBACK.finding(
        Severity.ERROR if certain else Severity.WARNING,
        message,
        'give it words that fit: {{{{ {name}|"..." }}}}',
        line=line or slot.line or None,
        name=slot.name,
    )


def _endings(draft: Draft, slot: Slot, after: str, line: int | None) -> Iterator[Finding]:
    match = _ENDING.match(after)
    if not match or slot.name == "email":
        return
    is_finnish = primary(draft.issue.language) == "fi"
    yield MERGE_INFLECTION.finding(
        Severity.WARNING if is_finnish else Severity.NOTE,
        "“{ending}” is joined to {slot}, which is wrong for many words: Maija is “Maijalle”, "
        "but Antti is “Antille”, not “Anttille”"
        if is_finnish
        else "“{ending}” is joined to {slot}, which is wrong for many words: Åke is “Åkes”, but "
        "Jonas is not “Jonass”",
        "word the sentence so that the word stands as it is in the list",
        line=line or slot.line or None,
        ending=match[0],
        slot=slot.source,
    )


def _shown_in_subject(draft: Draft) -> set[str]:
    subject = draft.issue.subject
    return {slot.name for slot in draft.issue.slots if slot.marker in subject}


def _long_subject(draft: Draft) -> Iterator[Finding]:
    lengths = {s.persona.id: graphemes(s.subject) for s in draft.specimens}
    longest = lengths.get("longest", 0)
    if longest > _SUBJECT_MOST >= lengths.get("typical", longest):
        yield MERGE_FALLBACK.note(
            "for the reader with the longest value the subject has {longest} characters; "
            "inboxes cut it at about {most}",
            "put what matters before the slot",
            line=draft.line_of("subject"),
            longest=longest,
            most=_SUBJECT_MOST,
        )
