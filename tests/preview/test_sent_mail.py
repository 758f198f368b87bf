"""The preview shows a mail as it was sent, whatever its file says by now."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from newsletter.errors import UsageError
from newsletter.ledger.pictures import keep_pictures
from newsletter.model import Picture
from newsletter.preview.desk import Desk
from newsletter.preview.payloads import describe_mail
from newsletter.preview.views import View
from newsletter.settings import load_settings
from tests.browser.afterwards import COURSES, ISSUE, MAILED, PROGRAMME, mailed_site
from tests.conftest import Site

AS_SENT = View(issue=MAILED, reader="", as_sent=True)


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A newsletter with an issue that went out."""
    with mailed_site(tmp_path_factory.mktemp("mailed") / "site") as site:
        yield site


@pytest.fixture
def desk(mailed: Site) -> Iterator[Desk]:
    """The desk of a preview; the issue's file and the settings are as before afterwards."""
    settings = (mailed.root / "newsletter.toml").read_text(encoding="utf-8")
    opened = Desk(load_settings(mailed.root))
    yield opened
    opened.close()
    mailed.write("newsletter.toml", settings)
    mailed.write(f"issues/{MAILED}.md", ISSUE)


def shown(desk: Desk, view: View) -> tuple[str, bool]:
    """Return the HTML of a mail with its lines, and whether its file has changed since."""
    proof, specimen = desk.specimen(view)
    told = describe_mail(proof, specimen, view)
    return str(told["html"]), bool(told["changed"])


def test_a_mail_whose_file_is_the_same_leads_to_its_lines(desk: Desk) -> None:
    html, is_changed = shown(desk, AS_SENT)

    assert "<!--line 9-->" in html
    assert not is_changed


def test_a_mail_whose_file_has_changed_stays_as_it_was_sent(mailed: Site, desk: Desk) -> None:
    mailed.write(f"issues/{MAILED}.md", ISSUE.replace("Koulutukset", "Kurssit"))
    desk.proofs.note_changes([mailed.root / f"issues/{MAILED}.md"])

    html, is_changed = shown(desk, AS_SENT)

    assert ("Koulutukset" in html, "Kurssit" in html) == (True, False)
    assert "<!--line" not in html  # of another file
    assert is_changed
    assert "Kurssit" in shown(desk, View(issue=MAILED, reader=""))[0]


def test_its_links_are_the_authors_own_and_it_has_no_picture_that_counts(mailed: Site) -> None:
    settings = (mailed.root / "newsletter.toml").read_text(encoding="utf-8")
    table = settings.replace(
        "[provider]", 'public_url = "https://news.example.org"\n\n[provider]', 1
    )
    mailed.write("newsletter.toml", table.replace('opens = "provider"', 'opens = "aggregate"'))
    desk = Desk(load_settings(mailed.root))

    html, by_now = shown(desk, AS_SENT)[0], shown(desk, View(issue=MAILED, reader=""))[0]

    desk.close()
    mailed.write("newsletter.toml", settings)
    assert all(f"https://news.example.org/{kind}/" in by_now for kind in "ro")
    assert not any(f"https://news.example.org/{kind}/" in html for kind in "ro")
    assert all(f'href="{url}"' in html for url in (PROGRAMME, COURSES))


def test_a_reader_of_another_kind_sees_the_edition_of_their_language(
    mailed: Site, desk: Desk
) -> None:
    some = "::: only region=Lappi\nTerveisiä Lappiin!\n:::\n"
    mailed.write(f"issues/{MAILED}.md", f"{ISSUE}\n{some}")
    desk.proofs.note_changes([mailed.root / f"issues/{MAILED}.md"])

    html, is_changed = shown(desk, AS_SENT)

    assert "Koulutukset" in html
    assert "Lappiin" not in html
    assert is_changed


def test_an_issue_that_was_not_sent_is_shown_as_it_is(desk: Desk) -> None:
    html, is_changed = shown(desk, View(issue="2026-06", reader="", as_sent=True))

    assert "Kesä on täällä" in html
    assert not is_changed


def test_pictures_that_were_sent_are_found_though_no_file_has_them(desk: Desk) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(drawn, "PNG")
    picture = Picture(
        source="",
        digest="0123456789abcdef0123",
        media_type="image/png",
        width=4,
        height=4,
        data=drawn.getvalue(),
    )
    assert desk.ledger
    with desk.ledger.write() as connection:
        keep_pictures(connection, [picture])

    assert desk.picture(picture.digest).data == picture.data
    with pytest.raises(UsageError):
        desk.picture("f" * 20)
