"""Puts regional networks into an issue: the list of them, and whose own edition it is."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from urllib.parse import quote

from newsletter.content.announced import NOTHING, Announced
from newsletter.language import nearest, say
from newsletter.model import Block, Finding, Issue, Prose, rules, walk
from newsletter.model.blocks import rebuilt

# What stands for the list until it is filled.
LIST = '<ul class="regions"></ul>'


def place_regions(issue: Issue, announced: Announced) -> tuple[Issue, list[Finding]]:
    """Return an issue with its list of regions and, of a regional edition, readers and sender.

    What is wrong is returned, too. Where nothing is announced all stays as it is.
    """
    lists = [block.line for block in walk(issue.blocks) if _is_list(block)]
    if announced is NOTHING or not (lists or issue.region):
        return issue, []
    if announced.region_faults:
        return issue, list(announced.region_faults)
    findings = list(_missing(issue, announced, lists))
    if findings:
        return issue, findings
    html = _list_of(announced, issue.language)
    blocks = rebuilt(issue.blocks, lambda b: Prose(line=b.line, html=html) if _is_list(b) else b)
    return _as_edition(replace(issue, blocks=blocks), announced), []


def _is_list(block: Block) -> bool:
    return isinstance(block, Prose) and block.html == LIST


def _missing(issue: Issue, announced: Announced, lists: list[int]) -> Iterator[Finding]:
    """Yield what the issue asks for and regions.toml has not."""
    known = [region.id for region in announced.regions]
    if lists and not known:
        yield rules.DIRECTIVE_REGIONS.error(
            "there is no network to list",
            "write regional networks into regions.toml",
            line=lists[0],
        ).in_file(issue.path)
    if issue.region and issue.region not in known:
        yield rules.FRONT_MATTER.error(
            "“region”: regions.toml has no “{name}”",
            nearest(issue.region, known) if known else say("write it into regions.toml"),
            line=issue.lines.get("region", 1),
            name=issue.region,
        ).in_file(issue.path)


def _list_of(announced: Announced, language: str) -> str:
    """Return a list of networks: the way to the page of each, whose it is, and their address."""
    items = []
    for region in announced.regions:
        name = escape(region.name_in(language))
        if announced.public_url:
            place = f"{announced.public_url}/regions/{quote(region.id)}?lang={quote(language)}"
            name = f'<a href="{escape(place)}">{name}</a>'
        told = [escape(region.coordinator)] if region.coordinator else []
        if region.contact:
            contact = escape(region.contact)
            told.append(f'<a href="mailto:{contact}">{contact}</a>')
        areas = escape(", ".join(region.areas_in(language)))
        items.append(f"<li>{name} ({areas}){': ' if told else ''}{', '.join(told)}</li>")
    return "<ul>\n" + "\n".join(items) + "\n</ul>"


def _as_edition(issue: Issue, announced: Announced) -> Issue:
    """Return an issue as that of a network: for its people, in its name; what is written, goes."""
    region = next((one for one in announced.regions if one.id == issue.region), None)
    if region is None:
        return issue
    return replace(
        issue,
        segment=issue.segment or region.segment,
        sender_name=region.sender or region.name_in(issue.language),
        reply_to=issue.reply_to or region.reply_to,
    )
