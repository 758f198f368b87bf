"""Checks that the issue reaches readers, and each in a language of theirs."""

from collections.abc import Iterator

from newsletter.model import Finding, Severity
from newsletter.preflight.draft import Draft, is_main
from newsletter.preflight.languages import NAMES
from newsletter.preflight.report import Rule, Skipped, checks


@checks(
    Rule(
        id="language-missing",
        summary="The issue exists in the language of the newsletter",
        source="this program",
    ),
)
def check_languages(draft: Draft) -> Iterator[Finding]:
    """Readers of the newsletter's own language need not read another."""
    wanted = draft.stands_in_for
    own = f"language={draft.issue.language}"
    # In the main file it is the editor who wrote down another language.
    if not wanted or is_main(draft.issue) or str(draft.issue.segment) == own:
        return
    known = draft.audience if draft.audience and draft.audience.recipients else None
    if known and not known.strangers:
        return
    who = f"{known.strangers} of {known.recipients} recipients" if known else "its readers"
    yield draft.finding(
        "language-missing",
        Severity.WARNING,
        f"there is no issue in {_name(wanted)}, the language of the newsletter; "
        f"{who} would get this one in {_name(draft.issue.language)}",
        hint=f"write issues/{draft.issue.id}.md, or add “segment: {own}” to the top of this file",
        line=1,
    )


@checks(
    Rule(id="segment-nobody", summary="Somebody is in the segment", source="this program"),
)
def check_segment(draft: Draft) -> Iterator[Finding | Skipped]:
    """Somebody meets the condition that the front matter sets for all."""
    if draft.issue.segment is None:
        return
    if draft.audience is None:
        yield Skipped(id="segment-nobody", reason="nobody has been imported yet")
    elif not draft.audience.recipients and draft.audience.segment == str(draft.issue.segment):
        yield draft.finding(
            "segment-nobody",
            Severity.ERROR,
            f"nobody on the list meets “{draft.issue.segment}”, so nobody would get the issue",
            hint="compare the spelling with “newsletter subscribers list”",
            line=draft.line_of("segment"),
        )


def _name(language: str) -> str:
    return NAMES.get(language, f"“{language}”")


CHECKS = (
    check_languages,
    check_segment,
)
