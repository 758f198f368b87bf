"""A newsletter with one issue that shows every block, in the look asked for."""

import shutil
from pathlib import Path

from tests.browser.drawings import draw_pictures
from tests.conftest import REPOSITORY, Site
from tests.questionnaires import POLL_FILE, POLL_ID

ISSUE_ID = "2026-12"
URL = "https://uutiskirje.example.org"  # where a poll is answered
_SOURCE = Path(__file__).with_suffix(".md")


def make_site(root: Path, look: str, *, is_served: bool = False) -> Site:
    """Make the newsletter in a folder that is empty, with a service where its poll is answered."""
    root.mkdir(parents=True, exist_ok=True)
    settings = (REPOSITORY / "newsletter.toml").read_text(encoding="utf-8")
    own = f'[newsletter]\nlook = "{look}"\n'
    own += f'public_url = "{URL}"\n' if is_served else ""
    settings = settings.replace("[newsletter]\n", own, 1)
    (root / "newsletter.toml").write_text(settings, encoding="utf-8")
    draw_pictures(root / "issues" / "every_block")
    shutil.copy(_SOURCE, root / "issues" / f"{ISSUE_ID}.md")
    shutil.copy(REPOSITORY / "regions.toml", root)
    site = Site(root)
    site.write(f"surveys/{POLL_ID}.md", POLL_FILE)
    return site


def build(site: Site) -> Path:
    """Build the issue and return its page."""
    site.run("build", ISSUE_ID, "--out", str(site.root / "out"))
    return site.root / "out" / f"{ISSUE_ID}.html"
