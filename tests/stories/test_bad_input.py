"""Bad input: a message that names the place and the cure, and the right exit code."""

from pathlib import Path

import pytest

from tests.conftest import Site


def _issue(front: str, body: str = "Tekstiä.") -> str:
    return f"---\n{front}\n---\n{body}\n"


_FRONT = 'subject: "Kirje"\ndate: 2026-06-15'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # missing subject
        (_issue("date: 2026-06-15"), ("issues/2026-06.md:1", "“subject” is missing")),
        # broken YAML: a quotation mark too few, on the second line
        (_issue('subject: "Kirje\ndate: 2026-06-15'), ("issues/2026-06.md:", "broken YAML")),
        # unknown key of the front matter
        (_issue(f"{_FRONT}\npreheder: x"), (":4: error", "did you mean “preheader”?")),
        # a language that would break a header
        (_issue(f'{_FRONT}\nlang: "fi\\r\\nBcc: x@example.org"'), (":4: error", "“lang”")),
        # a sender that would break a header
        (_issue(f'{_FRONT}\nfrom: "N\\nBcc: x <a@example.org>"'), (":4: error", "“from”")),
        # a tag that a provider would take for two
        (_issue(f'{_FRONT}\nprovider_tag: "kirje,kesa"'), (":4: error", "“provider_tag”")),
        # unknown directive
        (_issue(_FRONT, "::: buton x\ny\n:::"), (":5: error", "did you mean “button”?")),
        # unclosed directive
        (_issue(_FRONT, "a\n\n::: box\ntext"), (":7: error", "never closed")),
        # a comment without an end
        (_issue(_FRONT, "a\n\n<!-- later\n\ntext"), (":7: error", "comment never ends")),
        # a footnote that nothing refers to
        (_issue(_FRONT, "a\n\n[^1]: note"), ("error", "[^1]")),
        # missing picture
        (_issue(_FRONT, "![Kuva](2026-06/puuttuu.png)"), (":5: error", "puuttuu.png")),
        # a template that is not there
        (
            _issue(f"{_FRONT}\ntemplate: juhla"),
            (":4: error", "no template “juhla”", "there are: default", "[template-missing]"),
        ),
        # a segment that nobody is in
        (_issue(f"{_FRONT}\nsegment: region=Kuu"), (":4: error", "nobody", "“region=Kuu”")),
        # a slot nobody has
        (_issue(_FRONT, "Hei {{ nmae }}!"), (":5: error", "did you mean {{ name }}?")),
    ],
)
def test_a_fault_of_an_issue_names_file_line_and_cure(
    site: Site, text: str, words: tuple[str, ...]
) -> None:
    site.people(1)
    site.write("issues/2026-06.md", text)

    checked = site.run("check", "2026-06", code=1)
    sent = site.run("send", "2026-06", "--yes", code=1)

    for word in words:
        assert word in checked.stdout
        assert word in sent.stderr
    assert not (site.root / "outbox").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            'titel = "x"',
            ("newsletter.toml:5", "unknown key “newsletter.titel”", "“newsletter.title”"),
        ),
        ("title = 5", ("newsletter.toml:5", "newsletter.title", "expected text")),
        ('title = "x', ("newsletter.toml:5", "not valid TOML")),
    ],
)
def test_a_fault_of_the_settings_names_file_line_and_key(
    site: Site, line: str, words: tuple[str, ...]
) -> None:
    site.settings(title=line)

    done = site.run("check", "2026-06", code=3)

    for word in words:
        assert word in done.stderr


def test_no_newsletter_at_all_is_told_with_the_cure(tmp_path: Path) -> None:
    done = Site(tmp_path).run("send", "2026-06", "--yes", code=3)

    assert "newsletter init" in done.stderr


@pytest.mark.parametrize("command", ["check", "build", "send"])
def test_an_unknown_issue_suggests_the_nearest(site: Site, command: str) -> None:
    done = site.run(command, "2026-07", code=2)

    assert "did you mean “2026-06”?" in done.stderr


def test_an_unknown_provider_lists_the_known_ones(site: Site) -> None:
    site.settings(name='name = "bravo"')

    done = site.run("check", "2026-06", code=3)

    assert "outbox" in done.stderr
    assert "brevo" in done.stderr


def test_a_missing_key_is_told_before_anything_is_promised(site: Site) -> None:
    site.settings(name='name = "brevo"')
    site.people(1)

    done = site.run("send", "2026-06", "--yes", code=3)

    assert "NEWSLETTER_API_KEY" in done.stderr
    assert site.run("status", "--json").stdout.strip() == "[]"


def test_what_a_latin_1_list_is_written_in_is_asked(site: Site) -> None:
    path = site.root / "latin.csv"
    path.write_bytes("email,nimi\na@example.org,Matti\nb@example.org,Päivi\n".encode("latin-1"))

    asked = site.run("subscribers", "import", str(path), "--yes", code=1)
    nobody = site.run("subscribers", "list").stdout
    site.run("subscribers", "import", str(path), "--yes", "--answer", "encoding=cp1252")

    assert "latin.csv is not UTF-8" in asked.stdout
    assert '--answer "encoding=cp1252"' in asked.stdout
    assert nobody == ""
    assert "Päivi" in site.run("subscribers", "list").stdout


def test_refused_rows_are_named_with_their_lines_and_the_others_join(site: Site) -> None:
    rows = ["email;nimi", "aino@example.org;Aino", "ei-osoite;Bo", "", "bo@EXAMPLE.ORG;x"]
    path = site.write("lista.csv", "\ufeff" + "\n".join([*rows, "Aino@example.org;Taas", ""]))

    done = site.run("subscribers", "import", str(path), "--yes", code=1)

    assert "line 3: refused ei-osoite" in done.stdout
    assert "line 6: refused Aino@example.org: the same address as in line 2" in done.stdout
    assert "2 join, 0 change, 0 unchanged, 2 refused" in done.stdout


def test_an_import_shows_what_would_change_and_asks(site: Site) -> None:
    site.people(2)
    path = site.write("l.csv", "sähköposti,nimi\nperson0@example.org,Uusi\nc@example.org,C\n")

    done = site.run("subscribers", "import", str(path), answer="no\n", code=1)

    assert "line 2: change person0@example.org: name: Person 0 -> Uusi" in done.stdout
    assert "line 3: join c@example.org" in done.stdout
    assert "Nothing was written" in done.stderr
    assert "2 subscribers" in site.run("subscribers", "list").stderr


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that even root cannot write to")
def test_a_read_only_folder_is_told_with_its_path(site: Site) -> None:
    site.people(1)
    site.settings(name='name = "outbox"\npath = "/proc/outbox"')
    stopped = site.run("send", "2026-06", "--yes", code=4)
    assert "/proc/outbox" in stopped.stderr
    site.settings(url='url = "sqlite:////proc/newsletter/ledger.db"')

    refused = site.run("subscribers", "list", code=3)

    assert "/proc/newsletter" in refused.stderr
    built = site.run("build", "2026-06", "--out", "/proc/out", code=3)
    assert "/proc/out" in built.stderr


def test_what_the_disk_refuses_is_told_without_a_traceback(site: Site) -> None:
    (site.root / "templates" / "blocks").mkdir(parents=True, exist_ok=True)
    (site.root / "templates" / "blocks" / "pull.mjml").mkdir()

    done = site.run("templates", "copy", "pull", "--overwrite", code=3)

    assert "pull.mjml" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_holds_for_several_lines_is_said_once(site: Site) -> None:
    site.write(
        "issues/2026-06.md", _issue(_FRONT, "(kirjoita tähän a)\n\nTODO\n\n(kirjoita tähän b)")
    )

    told = site.run("check", "2026-06", code=1)

    assert told.stdout.count("“(kirjoita tähän…)”") == 1
    assert "    also in line 9\n" in told.stdout
    assert "3 errors" in told.stderr


def test_a_test_to_what_is_no_address_is_refused_before_the_plan(site: Site) -> None:
    refused = site.run("send", "2026-06", "--test", "eikelpaa", code=2)

    assert "“eikelpaa” is not an address" in refused.stderr
    assert "Subject" not in refused.stderr


def test_a_segment_that_asks_for_what_nobody_has_is_refused(site: Site) -> None:
    site.people(1)

    told = site.run("subscribers", "list", "--segment", "alue=Lappi", code=2).stderr

    assert "nobody on the list has “alue”" in told
