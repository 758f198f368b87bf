"""An editor reads what people sent in, decides, and whoever sent it can be forgotten."""

import io
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.ledger import contributions, open_ledger
from newsletter.model import Contribution, ContributionKind
from tests.conftest import LEDGER, Site, make_site
from tests.ledger.examples import NOW

AINO = "aino@example.org"
NEWS = Contribution(
    kind=ContributionKind.NEWS,
    received_at=NOW,
    name="Aino Esimerkki",
    address=AINO,
    language="fi",
    title="Työpajan kuulumiset",
    text="Ensin.\n\n3. joulukuuta [klikkaa](https://spam.example/).",
    digest="1" * 64,
    picture_words="Työpaja",
    picture_type="image/png",
)
REQUEST = replace(
    NEWS,
    kind=ContributionKind.REQUEST,
    digest="2" * 64,
    title="Vierailija",
    picture_words="",
    picture_type="",
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A newsletter to which news with a picture, a request and an advertisement came."""
    made = make_site(tmp_path / "site")
    made.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    made.run("subscribers", "list")  # makes the ledger
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    data = out.getvalue()
    spam = replace(REQUEST, kind=ContributionKind.NEWS, digest="3" * 64, title="Win")
    with closing(open_ledger(made.root / LEDGER)) as ledger, ledger.write() as connection:
        pictured = replace(NEWS, picture_bytes=len(data))
        assert contributions.add_contribution(connection, pictured, data)
        for one in (REQUEST, spam):
            assert contributions.add_contribution(connection, one, None)
    return made


def listed(site: Site, *arguments: str) -> Any:
    return json.loads(site.run("contributions", *arguments, "--json").stdout)


def test_an_editor_reads_decides_and_forgets(site: Site) -> None:
    shown = site.run("contributions", "list").stdout
    assert [c["title"] for c in listed(site, "list")["contributions"]] == [
        "Työpajan kuulumiset",
        "Vierailija",
        "Win",
    ]
    assert "Työpajan kuulumiset" in shown
    assert AINO in site.run("contributions", "show", "1", "--picture", "kuva.png").stdout
    with Image.open(site.root / "kuva.png") as picture:
        assert picture.size == (40, 30)

    [accepted] = listed(site, "accept", "1", "--issue", "2026-07")
    again = site.run("contributions", "accept", "1", "--issue", "2026-07")
    declined = listed(site, "decline", "3")
    marked = listed(site, "mark", "2", "answered", "--note", "soitettu")

    material = (site.root / "material/2026-07.md").read_text(encoding="utf-8")
    assert material.startswith("# Aineksia numeroon 2026-07\n")
    assert material.count("Työpajan kuulumiset") == 1
    assert "3\\. joulukuuta \\[klikkaa\\](https://spam.example/)." in material
    assert list((site.root / "material/2026-07").glob("contribution-1-*.png"))
    assert (accepted["state"], accepted["mail"]) == ("accepted", "thanks")
    assert again.returncode == 0
    assert [c["state"] for c in declined] == ["declined"]
    assert (marked["state"], marked["note"]) == ("answered", "soitettu")
    [mail] = site.root.glob("outbox/notice-answer-*/*.eml")
    assert "=?" in mail.read_text(encoding="utf-8")
    assert [c["id"] for c in listed(site, "list")["contributions"]] == [2]

    site.run("subscribers", "export", "--person", AINO, "--out", "held")
    held = json.loads((site.root / "held" / "person.json").read_text("utf-8"))
    assert [row["title"] for row in held["contributions"]] == [
        "Työpajan kuulumiset",
        "Vierailija",
        "Win",
    ]
    site.run("subscribers", "forget", AINO, "--yes")
    assert listed(site, "list", "--all") == {"contributions": []}
    assert list(site.root.glob("outbox/notice-answer-*/*.eml")) == []


def test_what_is_pasted_into_an_issue_passes_its_check(site: Site) -> None:
    """The passage shows the picture from where material has it, and nothing of it is a link."""
    site.run("contributions", "accept", "1", "--issue", "2026-06", "--no-mail")
    material = (site.root / "material/2026-06.md").read_text(encoding="utf-8")
    issue = site.root / "issues/2026-06.md"
    issue.write_text(issue.read_text(encoding="utf-8") + "\n" + material.partition("-->\n")[2])

    site.run("build", "2026-06", "--out", "built")

    html = (site.root / "built/2026-06.html").read_text(encoding="utf-8")
    assert 'alt="Työpaja"' in html
    assert 'href="https://spam.example' not in html


def test_commands_say_what_they_need(site: Site) -> None:
    for arguments, says in (
        (("accept",), "name one by its number"),
        (("accept", "2"), "it is a request"),
        (("accept", "99"), "no contribution 99"),
        (("mark", "2"), "--note"),
        (("show", "2", "--picture", "x.jpg"), "has no picture"),
    ):
        done = site.run("--lang", "en", "contributions", *arguments, code=2)
        assert says in done.stderr
