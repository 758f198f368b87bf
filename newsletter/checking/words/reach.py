"""Checks that the issue reaches readers, each in a language of theirs."""

from collections.abc import Iterator, Sequence

from newsletter.checking.instruments import LANGUAGE_NAMES, Draft, checks, is_main, no_list
from newsletter.language import Wording, say, say_all, say_many
from newsletter.model import (
    Block,
    Box,
    Custom,
    Divider,
    Finding,
    Heading,
    Only,
    Rule,
    Segment,
    Skipped,
    walk,
)

LANGUAGE_MISSING = Rule(
    id="language-missing", summary="The issue exists in the language of the newsletter"
)


@checks(LANGUAGE_MISSING)
def check_languages(draft: Draft) -> Iterator[Finding]:
    """Readers of the newsletter's own language do not get another."""
    wanted = draft.stands_in_for
    own = f"language={draft.issue.language}"
    # In the main file it was the editor who set another language.
    if not wanted or is_main(draft.issue) or str(draft.issue.segment) == own:
        return
    known = draft.audience if draft.audience and draft.audience.recipients else None
    if known and not known.strangers:
        return
    yield LANGUAGE_MISSING.warning(
        "there is no issue in {wanted}, the language of the newsletter; {strangers} of "
        "{recipients} recipients would get this one in {own}"
        if known
        else "there is no issue in {wanted}, the language of the newsletter; its readers would get "
        "this one in {own}",
        "write {file}, or add “segment: {segment}” to the top of this file",
        line=1,
        wanted=_name(wanted),
        strangers=known.strangers if known else 0,
        recipients=known.recipients if known else 0,
        own=_name(draft.issue.language),
        file=f"issues/{draft.issue.id}.md",
        segment=own,
    )


SEGMENT_NOBODY = Rule(id="segment-nobody", summary="Somebody is in the segment")


@checks(SEGMENT_NOBODY)
def check_segment(draft: Draft) -> Iterator[Finding | Skipped]:
    """Somebody meets the condition that the front matter sets for the whole issue."""
    if draft.issue.segment is None:
        return
    if draft.audience is None:
        yield SEGMENT_NOBODY.skipped(say("nobody has been imported yet"))
    elif not draft.audience.recipients and draft.audience.segment == str(draft.issue.segment):
        yield SEGMENT_NOBODY.error(
            "nobody on the list meets “{segment}”, so nobody would get the issue",
            draft.audience.spelling_of(str(draft.issue.segment)),
            line=draft.line_of("segment"),
            segment=str(draft.issue.segment),
        )


SEGMENT_MIXED = Rule(
    id="segment-mixed", summary="Brackets say what belongs together where “and” and “or” meet"
)


@checks(SEGMENT_MIXED)
def check_mixed_segments(draft: Draft) -> Iterator[Finding]:
    """Nobody reads a condition with “and” and “or” another way than the program."""
    asked = [(draft.issue.segment, draft.line_of("segment"))] if draft.issue.segment else []
    asked += [(b.condition, b.line) for b in walk(draft.issue.blocks) if isinstance(b, Only)]
    for segment, line in asked:
        if segment.is_mixed:
            yield SEGMENT_MIXED.warning(
                "“and” binds tighter than “or”, so this is read as {segment}",
                "write it with these brackets, or with others",
                line=line,
                segment=str(segment),
            )


LANGUAGE_UNSERVED = Rule(id="language-unserved", summary="Every reader's language has a file")


@checks(LANGUAGE_UNSERVED, unless=no_list)
def check_unserved(draft: Draft) -> Iterator[Finding]:
    """The editor knows about everybody who gets the issue in a language not their own."""
    known = draft.audience
    if known is None or draft.issue.language != known.stand_in:
        return
    for code, count in known.unserved.items():
        if code == draft.stands_in_for:
            continue  # reported as a missing language
        yield LANGUAGE_UNSERVED.warning(
            say_many(
                "{n} reader wants {language}, in which there is no issue, and gets this one in "
                "{own}",
                "{n} readers want {language}, in which there is no issue, and get this one in "
                "{own}",
                n=count,
                language=_name(code),
                own=_name(draft.issue.language),
            ),
            "write {file}",
            line=1,
            file=f"issues/{draft.issue.id}.{code}.md",
        )


VARIANT_EMPTY = Rule(id="variant-empty", summary="Something is written for every reader")


@checks(VARIANT_EMPTY)
def check_empty_variants(draft: Draft) -> Iterator[Finding]:
    """Nobody gets header and footer alone because every block is for others."""
    issue, known = draft.issue, draft.audience
    if issue.skip_empty or frozenset() in issue.needs:
        return
    own = {issue.segment} if issue.segment else set()
    if known is None and any(need <= own for need in issue.needs):
        return
    empty = [
        (variant, count)
        for variant, count in (known.variants if known else {}).items()
        if variant.language == issue.language and not any(n <= variant.met for n in issue.needs)
    ]
    if known and not empty:
        return
    hint = say("write something for them, or leave them out by “skip_empty: true” in this file")
    first = next((b.line for b in issue.blocks), 1)
    conditions = say_all([str(c) for c in issue.conditions])
    if known is None:
        yield VARIANT_EMPTY.error(
            "a reader who meets none of {conditions} would get an empty mail",
            hint,
            line=first,
            conditions=conditions,
        )
    for variant, count in empty:
        message = say_many(
            "{n} reader would get an empty mail ({variant}): every block is for others",
            "{n} readers would get an empty mail ({variant}): every block is for others",
            n=count,
            variant=str(variant),
        )
        yield VARIANT_EMPTY.error(message, hint, line=first)


HEADING_ALONE = Rule(id="heading-alone", summary="No reader gets a heading with nothing below it")


@checks(HEADING_ALONE)
def check_lone_headings(draft: Draft) -> Iterator[Finding]:
    """A heading is in the block “only” together with everything below it."""
    lists = [draft.issue.blocks]
    lists += [
        block.blocks for block in walk(draft.issue.blocks) if isinstance(block, Only | Box | Custom)
    ]
    for blocks in lists:
        for at, block in enumerate(blocks):
            if isinstance(block, Heading):
                conditions = _conditions_below(block, blocks[at + 1 :])
                if conditions and _some_meet_none(draft, conditions):
                    yield HEADING_ALONE.warning(
                        "a reader who meets none of {conditions} gets this heading with "
                        "nothing below it",
                        "move the heading into the block “only”, below its first line",
                        line=block.line,
                        conditions=say_all(sorted(map(str, conditions))),
                    )


def _conditions_below(heading: Heading, blocks: Sequence[Block]) -> frozenset[Segment]:
    """Return who gets any of what is below a heading; empty if that is everybody, or nothing is."""
    conditions = set[Segment]()
    for block in blocks:
        if isinstance(block, Heading) and block.level <= heading.level:
            break
        if isinstance(block, Only):
            conditions.add(block.condition)
        elif not isinstance(block, Divider):
            return frozenset()
    return frozenset(conditions)


def _some_meet_none(draft: Draft, conditions: frozenset[Segment]) -> bool:
    if draft.issue.segment in conditions:
        return False
    if draft.audience is None:
        return True
    own = (v for v in draft.audience.variants if v.language == draft.issue.language)
    return any(conditions.isdisjoint(variant.met) for variant in own)


def _name(language: str) -> Wording:
    return LANGUAGE_NAMES.get(language, say("“{language}”", language=language))
