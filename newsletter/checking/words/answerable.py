"""Checks that readers can answer what an issue asks them."""

from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks
from newsletter.model import Finding, Poll, Rule, walk

POLL_OPEN = Rule(id="poll-open", summary="Each poll of an issue can be answered when it is sent")


@checks(POLL_OPEN)
def check_polls(draft: Draft) -> Iterator[Finding]:
    """The answers of a poll lead to a page that takes them."""
    known = draft.audience
    for block in walk(draft.issue.blocks):
        if not isinstance(block, Poll):
            continue
        if not draft.public_url:
            yield POLL_OPEN.error(
                "nobody can answer the poll “{name}”: no page of the newsletter is on the web",
                "set public_url in newsletter.toml, and run “newsletter serve” there",
                line=block.line,
                name=block.survey,
            )
        elif known and block.survey not in known.surveys:
            yield POLL_OPEN.error(
                "the poll “{name}” is not open yet, so nobody could answer it",
                "“newsletter surveys open {name}” opens it",
                line=block.line,
                name=block.survey,
            )
        elif known and not known.surveys[block.survey]:
            yield POLL_OPEN.error(
                "the poll “{name}” is closed, so nobody can answer it any more",
                "leave it out, or ask anew: copy surveys/{name}.md under another name and open "
                "that",
                line=block.line,
                name=block.survey,
            )
