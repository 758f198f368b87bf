"""The pages that are compared: every look with the sample issues and with every block."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.model import Picture
from newsletter.press import letterhead_of, pictures_of, read_manuscript, render_manuscript
from newsletter.render import Look
from newsletter.render.edition import frame_of, with_named_ways
from newsletter.render.joining import join_neighbours
from newsletter.render.looks import LOOKS
from newsletter.render.mjml import Marks, script_of
from newsletter.settings import load_settings
from tests.browser.every_block import ISSUE_ID, make_site
from tests.conftest import REPOSITORY

PEERS = REPOSITORY / "build" / "peers"  # where `make proofs` installs what it compares with
ISSUES = ("2021-05", "2021-06", ISSUE_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One issue in one look, at both ends of its way from MJML to HTML."""

    look: str
    issue_id: str
    source: str  # MJML, the author's words in place
    styles: str  # what premailer writes into the elements
    html: str  # as it is sent, slots not yet filled
    pictures: Mapping[str, Picture]  # by the source that the issue names

    @property
    def name(self) -> str:
        """Return what to call it, also as a file."""
        return f"{self.look}-{self.issue_id}"


def pages_in(root: Path) -> Iterator[Page]:
    """Yield every issue in every look, made by newsletters below a folder."""
    for look in LOOKS:
        site = make_site(root / look, look)
        shutil.copytree(REPOSITORY / "issues", site.root / "issues", dirs_exist_ok=True)
        for issue_id in ISSUES:
            yield _page(site.root, look, issue_id)


def by_official_mjml(sources: Sequence[str]) -> list[str]:
    """Return the HTML that the official MJML makes of sources; fail where it finds a mistake."""
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("official.cjs")), str(PEERS)],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    pages = json.loads(done.stdout)
    assert [page["errors"] for page in pages if page["errors"]] == []
    return [page["html"] for page in pages]


def _page(root: Path, look: str, issue_id: str) -> Page:
    settings = load_settings(root)
    manuscript = read_manuscript(settings, issue_id)
    (variant,) = manuscript.variants()
    issue = with_named_ways(manuscript.issues[variant.language].for_readers(variant.met))
    pictures = pictures_of(settings, issue)
    view = frame_of(issue, letterhead_of(settings, manuscript, issue.language)).view()
    marks, looks = Marks(issue.marker_key), Look(folder=root / "templates", name=look)
    filled = script_of(issue, view, pictures, marks, look=looks).fill()
    page, _ = marks.lift(filled.seals.break_all(join_neighbours(filled.mjml)))
    return Page(
        look=look,
        issue_id=issue_id,
        source=page.replace("<mj-raw></mj-raw>", ""),
        styles=filled.styles,
        html=render_manuscript(settings, manuscript, [variant])[variant].html,
        pictures=pictures,
    )
