"""A newsletter from `init` to figures, as its editor lives with it."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import newsletter
from newsletter.files import read_words
from tests.conftest import Site
from tests.stories.drafts import finish_draft

PACKAGE = Path(newsletter.__file__).parent


def test_a_new_newsletter_asks_nothing_and_its_first_issue_passes_the_check(tmp_path: Path) -> None:
    Site(tmp_path).run("init", "kirje")
    site = Site(tmp_path / "kirje")
    site.run("new", "2026-12")
    finish_draft(site.root / "issues/2026-12.md")

    checked = site.run("check", "2026-12")

    assert "error" not in checked.stderr
    assert "warning" not in checked.stderr
    names = {path.name for path in site.root.iterdir()}
    assert names >= {"newsletter.toml", "issues", "templates", "subscribers", ".gitignore"}


def test_init_leaves_an_existing_newsletter_alone(site: Site) -> None:
    before = (site.root / "newsletter.toml").read_bytes()

    done = site.run("init", ".", code=2)

    assert "nothing was changed" in done.stderr
    assert (site.root / "newsletter.toml").read_bytes() == before


def test_a_command_works_from_any_folder_below(site: Site) -> None:
    below = site.root / "issues" / "deep"
    below.mkdir()

    assert Site(below).run("check", "2026-06").returncode == 0


def test_new_counts_on_and_dates_by_the_id(site: Site) -> None:
    site.run("new", "2026-07")

    text = (site.root / "issues/2026-07.md").read_text(encoding="utf-8")
    assert "number: 7" in text
    assert "date: 2026-07-15" in text
    assert "Heinäkuu 2026" in text


def test_new_from_an_older_issue_keeps_its_text_but_not_its_date(site: Site) -> None:
    site.run("new", "2026-08", "--from", "2026-06")

    text = (site.root / "issues/2026-08.md").read_text(encoding="utf-8")
    assert "Kesä on täällä" in text
    assert "date: 2026-08-15" in text
    assert "number: 7" in text


def test_new_never_overwrites(site: Site) -> None:
    before = (site.root / "issues/2026-06.md").read_bytes()

    site.run("new", "2026-06", code=2)

    assert (site.root / "issues/2026-06.md").read_bytes() == before


def test_build_writes_a_page_a_text_and_a_message(sample: Site) -> None:
    out = sample.root / "out"

    sample.run("build", "2021-06", "--out", str(out))

    html = (out / "2021-06.html").read_text(encoding="utf-8")
    assert "cid:" not in html
    assert next(p.name for p in (out / "pictures").iterdir()) in html
    assert "Hei hyvä työhönvalmentaja!" in (out / "2021-06.txt").read_text(encoding="utf-8")
    assert (out / "2021-06.eml").read_bytes().startswith(b"Date: ")


def test_subscribers_can_be_added_shown_changed_and_taken_off(site: Site) -> None:
    site.run("subscribers", "add", "aino@example.org", "--name", "Aino", "--set", "region=Lappi")
    site.run("subscribers", "add", "aino@example.org", "--name", "Aino Aalto")
    shown = json.loads(site.run("subscribers", "show", "aino@example.org", "--json").stdout)
    assert shown["name"] == "Aino Aalto"
    assert shown["attributes"] == {"region": "Lappi"}
    assert "key" not in shown

    site.run("subscribers", "remove", "aino@example.org")

    assert "unsubscribed" in site.run("subscribers", "list").stdout
    refused = site.run("subscribers", "add", "aino@example.org", code=2)
    assert "--again" in refused.stderr
    site.run("subscribers", "add", "aino@example.org", "--again")
    assert "unsubscribed" not in site.run("subscribers", "list").stdout


@pytest.mark.parametrize("name", ["unsubscribe_url", "email", "name", "standing"])
def test_what_the_program_fills_itself_cannot_be_an_attribute(site: Site, name: str) -> None:
    done = site.run("subscribers", "add", "a@example.org", "--set", f"{name}=x", code=2)

    assert name in done.stderr


def test_a_domain_beyond_ascii_sends_and_is_reached(site: Site) -> None:
    site.settings(
        **{"from": 'from = "Kirje <kirje@työ.example.org>"'},
        reply_to='reply_to = "toimitus@työ.example.org"',
    )
    site.run("subscribers", "add", "aino@hyvä.example.org")

    site.run("send", "2026-06", "--yes")

    [mail] = (site.root / "outbox/2026-06").glob("*.eml")
    head = mail.read_bytes().partition(b"\r\n\r\n")[0]
    assert b"To: <aino@xn--hyv-sla.example.org>" in head
    assert b"List-Id: <kirje.xn--ty-gka.example.org>" in head
    assert head.isascii()


def test_export_gives_back_what_import_took(sample: Site) -> None:
    sample.run("subscribers", "import", str(sample.root / "subscribers/example.csv"), "--yes")
    sample.run("subscribers", "export", str(sample.root / "all.csv"))

    again = sample.run("subscribers", "import", str(sample.root / "all.csv"), "--yes")

    assert "0 join, 0 change, 640 unchanged, 0 refused" in again.stdout


def test_figures_nobody_knows_are_empty_not_nought(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")

    row = site.run("stats", "--csv").stdout.splitlines()[1]
    report = json.loads(site.run("stats", "--pull", "--json").stdout)[0]

    assert row.startswith("2026-06,2026-06-15,Kesäkuun kirje,3,,,,")
    assert report["delivered"] is None
    assert report["opens"]["unique"] is None
    assert report["source"] == "none"


def test_a_language_variant_reaches_its_readers(site: Site) -> None:
    site.write(
        "issues/2026-06.sv.md",
        '---\nsubject: "Junibrevet"\ndate: 2026-06-15\nnumber: 6\n---\nHej {{ name|"du" }}!\n',
    )
    site.people(2)
    site.run("subscribers", "add", "siv@example.org", "--name", "Siv", "--language", "sv")

    site.run("send", "2026-06", "--yes")

    mail = (site.root / "outbox/2026-06/siv@example.org.eml").read_bytes()
    assert b"Subject: Junibrevet" in mail
    assert b"Content-Language: sv" in mail
    assert b"Avsluta prenumerationen" in mail
    other = (site.root / "outbox/2026-06/person0@example.org.eml").read_bytes()
    assert b"Content-Language: fi" in other


def test_each_language_calls_the_newsletter_by_its_own_title(site: Site) -> None:
    site.settings(language='language = "fi"\ntitles = { sv = "Nyhetsbrev om arbetsträning" }')
    site.write("issues/2026-06.sv.md", '---\nsubject: "Junibrevet"\ndate: 2026-06-15\n---\nHej!\n')

    site.run("build", "2026-06", "--out", str(site.root / "out"))

    for ending in ("html", "txt"):
        finnish = (site.root / f"out/2026-06.{ending}").read_text(encoding="utf-8")
        swedish = (site.root / f"out/2026-06.sv.{ending}").read_text(encoding="utf-8")
        assert "Työhönvalmennuksen uutiskirje" in finnish
        assert "Nyhetsbrev om arbetsträning" in swedish
        assert "Työhönvalmennuksen uutiskirje" not in swedish


def test_a_copy_of_the_database_file_alone_holds_everything(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--yes")

    left = {path.name for path in (site.root / "subscribers").iterdir()}

    assert "newsletter.db" in left
    assert not [name for name in left if name.endswith(("-wal", "-shm", ".lock"))]


@pytest.mark.parametrize(("language", "words"), [("fi", "asetukset"), ("sv", "Inställningar")])
def test_a_newsletter_begins_in_the_language_that_is_spoken(
    tmp_path: Path, language: str, words: str
) -> None:
    Site(tmp_path).run("--lang", language, "init", "kirje")

    settings = (tmp_path / "kirje/newsletter.toml").read_text(encoding="utf-8")
    assert tomllib.loads(settings)["newsletter"]["language"] == language
    assert words in settings


def test_the_settings_of_a_beginning_are_the_same_in_all_languages() -> None:
    begun = {language: _settings_of_beginning(language) for language in ("en", "fi", "sv")}

    assert begun["fi"] == begun["sv"] == begun["en"]


def _settings_of_beginning(language: str) -> list[str]:
    """Return the settings that a newsletter begins with, but for words in its own language."""
    text = read_words(PACKAGE / f"cli/begin/newsletter.{language}.toml")
    lines = [re.sub(r"(?<=\S) +#.*", "", line) for line in text.splitlines() if "=" in line]
    return [line for line in lines if not re.match(r"language|# titles|# legal", line)]
