"""Our mail before SpamAssassin: by its own rules, without the network, it is far from spam."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.render.looks import LOOKS
from tests.browser.every_block import ISSUE_ID, make_site
from tests.conftest import REPOSITORY, Site
from tests.public.people import SECRET
from tests.questionnaires import POLL_ID
from tests.waiting import PATIENCE

pytestmark = [
    pytest.mark.spamassassin,
    pytest.mark.skipif(
        shutil.which("spamassassin") is None, reason="Debian's spamassassin is missing"
    ),
]
MAILS = ("2021-05", "2021-06", *LOOKS)

_LIMIT = 1.0  # a mail is spam from 5.0 on
_RULE = re.compile(r"^ *(-?\d+\.\d) ([A-Z][A-Z0-9_]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """The points that each mail gets from each rule."""
    root = tmp_path_factory.mktemp("spam")
    home = root / "home"  # it writes its settings and what it learns there
    home.mkdir()
    return _judge(dict(_mails(root)), home)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_far_from_spam(judged: dict[str, dict[str, float]], name: str) -> None:
    # Every relay adds a Received header; a mail that has not left yet cannot have one.
    points = {r: p for r, p in judged[name].items() if r not in ("NO_RECEIVED", "NO_RELAYS")}

    assert sum(points.values()) < _LIMIT, points


def test_every_mail_was_judged_as_html(judged: dict[str, dict[str, float]]) -> None:
    assert all("HTML_MESSAGE" in points for points in judged.values())


def _mails(root: Path) -> Iterator[tuple[str, Path]]:
    """Send the sample issues, and every block in every look, to one person."""
    for look in LOOKS:
        site = make_site(root / look, look, is_served=True)
        site.environment["NEWSLETTER_SECRET"] = SECRET
        site.run("surveys", "open", POLL_ID, "--yes")
        issues = {ISSUE_ID: look}
        if look == "default":
            shutil.copytree(REPOSITORY / "issues", site.root / "issues", dirs_exist_ok=True)
            issues |= {"2021-05": "2021-05", "2021-06": "2021-06"}
        people = site.write(
            "subscribers/one.csv", "email,name,region\naino@example.org,Aino,Lappi\n"
        )
        site.run("subscribers", "import", str(people), "--yes")
        for issue_id, name in issues.items():
            yield name, _send(site, issue_id)


def _send(site: Site, issue_id: str) -> Path:
    site.run("send", issue_id, "--yes")
    (file,) = (site.root / "outbox" / issue_id).glob("*.eml")
    return file


def _judge(mails: dict[str, Path], home: Path) -> dict[str, dict[str, float]]:
    """Ask once for all mails: to read its rules takes it seconds."""
    done = subprocess.run(
        ["spamassassin", "--local", "--test-mode", *mails.values()],
        capture_output=True,
        check=True,
        timeout=PATIENCE,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin", "HOME": str(home)},
    )
    reports = done.stdout.decode("utf-8", "replace").split("Content analysis details:")[1:]
    return {
        name: {rule: float(points) for points, rule in _RULE.findall(report.split("\n\n")[1])}
        for name, report in zip(mails, reports, strict=True)
    }
