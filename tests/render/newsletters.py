"""A newsletter to test with: bodies become issues, issues become editions."""

from dataclasses import replace
from pathlib import Path

from newsletter.composing.slots import for_header, for_text, split_at_slots, split_html_at_slots
from newsletter.content import read_issue
from newsletter.model import Edition, Issue, Variant
from newsletter.render import Letterhead, Look, load_pictures, picture_widths, render_edition
from newsletter.render.own_blocks import find_own_blocks

FRONT = "subject: Kysely\ndate: 2026-12-15"
LETTERHEAD = Letterhead(
    title="Uutiskirje",
    sender="Esimerkkisäätiö, Katu 1, 00100 Helsinki",
    reply_to="toimitus@example.org",
)


def read_body(root: Path, body: str, *, front: str = FRONT, language: str = "fi") -> Issue:
    """Write a body below front matter and read it as the issue 2026-12."""
    path = root / "issues" / "2026-12.md"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(f"---\n{front}\n---\n{body}".encode())
    kinds = find_own_blocks(Look(folder=root / "templates")).kinds
    return read_issue(path, root=root, language=language, kinds=kinds)


def render_issue(root: Path, issue: Issue, *, public_url: str = "") -> Edition:
    """Render an issue with every conditional block."""
    return render_edition(
        issue,
        Variant(language=issue.language, met=frozenset(issue.conditions)),
        replace(LETTERHEAD, public_url=public_url),
        pictures=load_pictures(
            issue.picture_sources, root / "issues", issue.path, widths=picture_widths(issue)
        ),
        look=Look(folder=root / "templates"),
    )


def render_body(
    root: Path, body: str, *, front: str = FRONT, language: str = "fi", public_url: str = ""
) -> Edition:
    """Write, read and render a body."""
    issue = read_body(root, body, front=front, language=language)
    return render_issue(root, issue, public_url=public_url)


def fill(edition: Edition, values: dict[str, str]) -> tuple[str, str, str]:
    """Return subject, HTML and text as one recipient gets them."""
    return (
        split_at_slots(edition.subject, edition.slots, for_header).fill(values),
        split_html_at_slots(edition.html, edition.slots).fill(values),
        split_at_slots(edition.text, edition.slots, for_text).fill(values),
    )
