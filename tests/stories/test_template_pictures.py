"""A logo in a template goes where its page goes: files, the preview, readers of a frozen send."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from newsletter.preview.desk import Desk
from newsletter.preview.payloads import shown_html
from newsletter.preview.views import View
from newsletter.settings import load_settings
from tests.conftest import Site

PAGE = """\
{% extends "next:default.mjml" %}
{% block foot %}<mj-section><mj-column>
<mj-image src="brand/logo.png" alt="Esimerkkisäätiö" width="160px" />
</mj-column></mj-section>{{ super() }}{% endblock %}
"""


@pytest.fixture
def branded(site: Site) -> Site:
    """A newsletter whose pages end with a logo."""
    site.write("templates/default.mjml", PAGE)
    _draw(site, "#5a2a7a")
    return site


def _draw(site: Site, colour: str) -> None:
    (site.root / "brand").mkdir(exist_ok=True)
    Image.new("RGB", (640, 160), colour).save(site.root / "brand" / "logo.png")


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_a_built_page_shows_the_logo_from_a_file_beside_it(branded: Site) -> None:
    branded.run("build", "2026-06", "--out", str(branded.root / "out"))

    page = (branded.root / "out" / "2026-06.html").read_text(encoding="utf-8")
    [name] = re.findall(r'<img alt="Esimerkkisäätiö"[^>]* src="(pictures/[^"]+)"', page)
    with Image.open(branded.root / "out" / name) as logo:
        assert logo.size == (320, 80)


def test_a_hosted_logo_is_written_in_both_densities(branded: Site) -> None:
    branded.settings(language='language = "fi"\npublic_url = "https://news.example.org"')
    branded.environment["NEWSLETTER_SECRET"] = "invented for this test, and long enough"  # noqa: S105

    branded.run("build", "2026-06", "--out", str(branded.root / "out"))

    page = (branded.root / "out" / "2026-06.html").read_text(encoding="utf-8")
    names = {path.name for path in (branded.root / "out" / "pictures").iterdir()}
    [choices] = re.findall(r'<img alt="Esimerkkisäätiö"[^>]* srcset="([^"]*)"', page)
    linked = re.findall(r"https://news\.example\.org/pictures/(\S+) [12]x", choices)
    assert len(linked) == 2
    assert set(linked) <= names


def test_a_send_that_goes_on_carries_the_logo_that_was_frozen(branded: Site) -> None:
    branded.people(3)
    branded.run("send", "2026-06", "--canary", "1", "--yes", code=1)
    (branded.root / "brand" / "logo.png").unlink()

    branded.run("send", "2026-06", "--yes")

    folder = branded.root / "outbox" / "2026-06"
    mails = [_read(path) for path in folder.glob("*.eml")]
    carried = [[p["Content-ID"] for p in m.walk() if p["Content-ID"]] for m in mails]
    assert len(mails) == 3
    assert len(carried[0]) == 1
    assert carried[1:] == carried[:1] * 2
    [shown, *_] = [path for path in folder.glob("*.html") if path.name != "index.html"]
    assert "cid:" not in shown.read_text(encoding="utf-8")


def test_a_logo_that_is_missing_is_no_mail_but_an_error_with_its_line(branded: Site) -> None:
    branded.people(1)
    (branded.root / "brand" / "logo.png").rename(branded.root / "brand" / "Logo2.png")

    refused = branded.run("send", "2026-06", "--yes", code=None)

    assert refused.returncode
    assert "templates/default.mjml:3: error: there is no picture “brand/logo.png”" in refused.stderr
    assert "brand/Logo2.png" in refused.stderr
    assert not (branded.root / "outbox" / "2026-06").exists()


def test_the_preview_shows_the_logo_and_follows_its_file(branded: Site) -> None:
    desk = Desk(load_settings(branded.root))
    view = View(issue="2026-06", reader="")
    try:
        before = _logo_in(desk, view)
        assert branded.root / "brand" / "logo.png" in desk.proofs.files()
        _draw(branded, "#0a5a3a")
        desk.proofs.note_changes([branded.root / "brand" / "logo.png"])
        after = _logo_in(desk, view)
    finally:
        desk.close()

    assert before != after


def _logo_in(desk: Desk, view: View) -> bytes:
    proof, specimen = desk.specimen(view)
    html = shown_html(proof, specimen, view)
    [digest] = re.findall(r'<img alt="Esimerkkisäätiö"[^>]* src="/pictures/(\w+)"', html)
    return desk.proofs.picture(digest).data
