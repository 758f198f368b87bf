"""Nothing that a subscriber or an author writes becomes an element, a handler or a script."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.inert import PAYLOAD, faults_in
from tests.conftest import LEDGER, Site, make_site
from tests.previewing import previewing
from tests.serving import serving

_PLANTED = json.dumps(PAYLOAD)  # as YAML reads it, too
_ISSUE = f"""\
---
subject: {_PLANTED}
preheader: {_PLANTED}
kicker: {_PLANTED}
headline: {_PLANTED}
lead: {_PLANTED}
byline: {_PLANTED}
date: 2026-06-15
number: 6
events:
  day:
    title: {_PLANTED}
    start: 2026-06-20 10:00
    place: {_PLANTED}
---
Hei {{{{ name|"x" }}}} {{{{ region|"x" }}}} {{{{ organisation|"x" }}}}! `{PAYLOAD}`

## Otsikko `{PAYLOAD}`

[`{PAYLOAD}`](https://www.example.org/?q={quote(PAYLOAD)})

> `{PAYLOAD}`

| `{PAYLOAD.replace("|", "")}` | b |
|---|---|
| `{PAYLOAD.replace("|", "")}` | b |

::: event day
:::

::: button https://www.example.org/
`{PAYLOAD}`
:::
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A newsletter whose only reader and only issue are hostile in all they have; it was sent."""
    made = make_site(tmp_path_factory.mktemp("planted") / "site")
    made.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    url = '[newsletter]\npublic_url = "https://news.example.org"\n'
    text = (made.root / "newsletter.toml").read_text(encoding="utf-8")
    made.write("newsletter.toml", text.replace("[newsletter]\n", url, 1))
    made.write("issues/2026-06.md", _ISSUE)
    path = made.root / "subscribers" / "people.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["email", "name", "language", "region", "organisation"])
        rows.writerow(["aino@example.org", PAYLOAD, "fi", PAYLOAD, PAYLOAD])
    made.run("subscribers", "import", str(path), "--yes")
    made.run("send", "2026-06", "--yes", code=None)
    with closing(sqlite3.connect(made.root / LEDGER)) as connection, connection:
        connection.execute("UPDATE sends SET scope = issue_id")  # as if it had gone to readers
    return made


def test_the_issue_went_out_as_it_was_written(planted: Site) -> None:
    [copy] = (planted.root / "outbox" / "2026-06").glob("*.eml")

    assert "alert" in copy.read_text("utf-8")


def test_a_mail_and_the_list_of_copies_hold_words_alone(planted: Site) -> None:
    pages = list((planted.root / "outbox" / "2026-06").glob("*.html"))

    assert len(pages) == 2  # the copy, and the list
    for page in pages:
        html, is_list = page.read_text("utf-8"), page.name == "index.html"
        assert ("data-planted" in html) != is_list  # as words
        assert faults_in(html, own_scripts=is_list) == []


def test_the_archive_holds_words_alone(planted: Site, tmp_path: Path) -> None:
    hostile = quote(PAYLOAD)
    paths = [
        "/archive",
        f"/archive?q={hostile}",
        "/2026-06",
        f"/2026-06?lang={hostile}",
        f"/{hostile}",
    ]
    with serving(planted) as service:
        answers = [service.ask(path, accept="text/html") for path in paths]
        feeds = [service.ask(path) for path in ("/feed.atom", "/feed.json")]
    planted.run("archive", "--out", str(tmp_path / "files"), "--url", "https://www.example.org")

    for answer in answers:
        assert faults_in(answer.body.decode()) == []
        assert "script-src" in answer.headers["content-security-policy"] or (
            "default-src 'none'" in answer.headers["content-security-policy"]
        )
    assert [feed.status for feed in feeds] == [200, 200]
    files = list((tmp_path / "files").rglob("*.html"))
    assert files
    for file in files:
        assert [
            f for f in faults_in(file.read_text("utf-8"), own_scripts=True) if "alert" in f
        ] == []


def pages_of_preview() -> Iterator[str]:
    yield "/"
    yield "/issues/2026-06"
    yield f"/issues/2026-06/readers?find={quote(PAYLOAD)}"


def test_the_preview_holds_words_alone(planted: Site) -> None:
    with previewing(planted) as preview:
        for path in pages_of_preview():
            status, headers, text = preview.ask(path)
            assert status == 200
            if "html" in headers["content-type"]:
                assert faults_in(text, own_scripts=True) == []


def test_a_report_is_words_alone(planted: Site) -> None:
    for form in (["--json"], ["--sarif", "-"]):
        done = planted.run("check", "2026-06", *form, code=None)
        json.loads(done.stdout)
    done = planted.run("status", "2026-06", "--json", code=None)
    json.loads(done.stdout)
    assert "\x1b" not in done.stdout
