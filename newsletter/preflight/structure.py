"""Checks the subject, the headings and whom the issue is for."""

from collections.abc import Iterator

from newsletter.model import Finding, Heading, Severity, walk
from newsletter.preflight.draft import Draft

_SUBJECT_LIMIT = 70  # characters that a desktop inbox shows
_PREHEADER = range(40, 141)  # characters that fill an inbox row and are not cut


def check_subject(draft: Draft) -> Iterator[Finding]:
    """The subject fits an inbox row and a preheader follows it."""
    issue = draft.issue
    length = len(draft.readable(issue.subject))
    if length > _SUBJECT_LIMIT:
        yield draft.finding(
            "subject-length",
            Severity.WARNING,
            f"the subject has {length} characters; inboxes cut it at about {_SUBJECT_LIMIT}",
            hint="put what matters first",
            line=draft.line_of("subject"),
        )
    if not issue.preheader:
        yield draft.finding(
            "preheader-present",
            Severity.WARNING,
            "no preheader: inboxes will show the first words of the mail instead",
            hint="add a line “preheader: ...” of 40 to 140 characters",
            line=1,
        )
    elif (length := len(draft.readable(issue.preheader))) not in _PREHEADER:
        yield draft.finding(
            "preheader-length",
            Severity.NOTE,
            f"the preheader has {length} characters; 40 to 140 serve best",
            line=draft.line_of("preheader"),
        )


def check_headings(draft: Draft) -> Iterator[Finding]:
    """There is something to read, and headings leave no level out (WCAG 1.3.1)."""
    if not draft.issue.blocks:
        yield draft.finding("body-empty", Severity.ERROR, "the issue has no text", line=1)
    level = 1
    for block in walk(draft.issue.blocks):
        if not isinstance(block, Heading):
            continue
        if block.level > level + 1:
            yield draft.finding(
                "a11y-headings",
                Severity.WARNING,
                f"a heading of level {block.level} follows one of level {level}",
                hint="leave no level out: screen readers use them as a table of contents",
                line=block.line,
            )
        level = block.level


def check_audience(draft: Draft) -> Iterator[Finding]:
    """Every condition of the issue is met by somebody."""
    if draft.audience is None or not draft.audience.recipients:
        return
    for block in walk(draft.issue.blocks):
        condition = str(getattr(block, "condition", ""))
        if condition and not draft.audience.met.get(condition):
            yield draft.finding(
                "only-nobody",
                Severity.WARNING,
                f"nobody who gets the issue meets “{condition}”",
                hint="compare the spelling with “newsletter subscribers list”",
                line=block.line,
            )
