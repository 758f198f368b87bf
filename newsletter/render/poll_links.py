"""Gives each answer of a poll its link: to the page where it is chosen, and waits for a press."""

from dataclasses import replace
from urllib.parse import quote

from newsletter.links import survey_url
from newsletter.model import Block, Issue, Poll


def with_poll_links(issue: Issue, public_url: str) -> Issue:
    """Return an issue whose polls can be answered; their links alone change nothing."""

    def linked(block: Block) -> Block:
        if not isinstance(block, Poll):
            return block
        page = survey_url(public_url, block.survey, issue.language)
        choices = (
            replace(choice, url=f"{page}&choice={quote(choice.id, safe='')}")
            for choice in block.choices
        )
        return replace(block, choices=tuple(choices))

    return issue.rebuilt(linked)
