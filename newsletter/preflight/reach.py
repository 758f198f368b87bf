"""Checks that the issue reaches readers, and each in a language of theirs."""

from collections.abc import Iterator

from newsletter.model import Finding, Severity
from newsletter.preflight.draft import Draft, is_main
from newsletter.preflight.languages import NAMES
from newsletter.preflight.report import Rule, Skipped, checks
from newsletter.wording import Wording, say


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
    if known:
        message = say(
            "there is no issue in {wanted}, the language of the newsletter; {strangers} of "
            "{recipients} recipients would get this one in {own}",
            wanted=_name(wanted),
            strangers=known.strangers,
            recipients=known.recipients,
            own=_name(draft.issue.language),
        )
    else:
        message = say(
            "there is no issue in {wanted}, the language of the newsletter; its readers would get "
            "this one in {own}",
            wanted=_name(wanted),
            own=_name(draft.issue.language),
        )
    yield draft.finding(
        "language-missing",
        Severity.WARNING,
        message,
        hint=say(
            "write {file}, or add “segment: {segment}” to the top of this file",
            file=f"issues/{draft.issue.id}.md",
            segment=own,
        ),
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
        yield Skipped(id="segment-nobody", reason=say("nobody has been imported yet"))
    elif not draft.audience.recipients and draft.audience.segment == str(draft.issue.segment):
        yield draft.finding(
            "segment-nobody",
            Severity.ERROR,
            say(
                "nobody on the list meets “{segment}”, so nobody would get the issue",
                segment=str(draft.issue.segment),
            ),
            hint=say("compare the spelling with “newsletter subscribers list”"),
            line=draft.line_of("segment"),
        )


def _name(language: str) -> Wording:
    return NAMES.get(language, say("“{language}”", language=language))


CHECKS = (
    check_languages,
    check_segment,
)
