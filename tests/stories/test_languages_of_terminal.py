"""The terminal speaks the editor's language: asked for, the newsletter's own, or the system's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter.cli.telling import as_spoken, speak, spoken
from newsletter.errors import ConfigError
from newsletter.settings import load_settings
from tests.conftest import Site

UNKNOWN = {"en": "No such command", "fi": "ei ole", "sv": "finns inte"}


@pytest.fixture(autouse=True)
def _no_language_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEWSLETTER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("asked", "own", "system", "expected"),
    [
        ("sv", "fi", "fi_FI.UTF-8", "sv"),
        ("suomi", "sv", "", "fi"),
        ("en-GB", "sv", "", "en"),
        ("xx", "sv", "", "sv"),  # the command line refuses it, in a language that is spoken
        (None, "sv", "fi_FI.UTF-8", "sv"),
        (None, "en", "fi_FI.UTF-8", "en"),
        (None, "de", "fi_FI.UTF-8", "fi"),  # nobody speaks German here
        (None, "", "sv_FI", "sv"),
        (None, "", "C.UTF-8", "en"),
        (None, "", "", "en"),
    ],
)
def test_a_language_is_asked_for_or_that_of_the_newsletter_or_of_the_system(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: str | None,
    own: str,
    system: str,
    expected: str,
) -> None:
    (tmp_path / "newsletter.toml").write_text(f'[newsletter]\nlanguage = "{own}"\n')
    monkeypatch.setenv("LANG", system)

    speak(asked, tmp_path)

    assert spoken() == expected


def test_every_thread_speaks_the_same_language(tmp_path: Path) -> None:
    """The preview tells its address, and workers their progress, from threads of their own."""
    speak("fi", tmp_path)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(spoken).result() == "fi"


@pytest.mark.parametrize(
    "settings",
    [
        b'[newsletter]\nlanguage = "fi"\ntitle = \n',
        b'[newsletter]\ntitle = "\xe4\xe4kk\xf6set"\nlanguage = "fi"\n',
        b'\xef\xbb\xbf[newsletter]\nlanguage = "fi"\n',
        b"[newsletter\n  language='fi'\n",
        b'newsletter = 3\nlanguage = "fi"\n',
        b'language = "fi"\na' + b".a" * 50_000 + b" = " + b"7" * 5_000,
    ],
    ids=["no value", "Latin-1", "a byte order mark", "a broken table", "no table", "endless"],
)
def test_faulty_settings_still_tell_the_language(tmp_path: Path, settings: bytes) -> None:
    (tmp_path / "newsletter.toml").write_bytes(settings)
    (tmp_path / "issues").mkdir()

    speak(None, tmp_path / "issues")

    assert spoken() == "fi"


def test_a_link_to_itself_and_a_folder_that_is_gone_tell_no_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    speak(None, tmp_path / "loop")
    speak(None, Path())

    assert spoken() == "en"
    with pytest.raises(ConfigError, match="the folder you are in is gone"):
        load_settings(Path())


def test_the_most_urgent_variable_of_the_system_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LANG", "fi_FI"), ("LC_MESSAGES", "sv_FI"), ("LC_ALL", "en_GB")):
        monkeypatch.setenv(name, value)
        speak(None, tmp_path)

        assert spoken() == as_spoken(value)


def test_the_language_of_the_newsletter_is_spoken(site: Site) -> None:
    site.environment["NEWSLETTER_LANG"] = ""

    said = site.run("chek", code=2).stderr

    assert "Virhe: Komentoa ”chek” ei ole. Tarkoititko: ”check”?" in said


@pytest.mark.parametrize(("language", "words"), UNKNOWN.items())
def test_lang_is_heeded_wherever_it_stands_before_the_command(
    site: Site, language: str, words: str
) -> None:
    for order in (["--lang", language, "xyz"], [f"--lang={language}", "xyz"]):
        assert words in site.run(*order, code=2).stderr


def test_a_language_that_nobody_speaks_is_refused_by_name(site: Site) -> None:
    said = site.run("--lang", "xx", "check", "2026-06", code=2).stderr

    assert "kieltä ”xx”; valitse fi (suomi), sv (svenska) tai en (English)" in said


def test_a_language_of_the_environment_that_nobody_speaks_is_refused_by_name(site: Site) -> None:
    site.environment["NEWSLETTER_LANG"] = "xx"

    said = site.run("list", code=2).stderr

    assert "NEWSLETTER_LANG: arvo ei kelpaa: ohjelmassa ei ole kieltä ”xx”; valitse fi" in said
    site.run("--lang", "fi", "list")


@pytest.mark.parametrize(
    ("asked", "finnish", "swedish"),
    [
        (
            ("subscribers", "lsit"),
            "Komentoa ”lsit” ei ole. Tarkoititko: ”list”?",
            "Kommandot ”lsit” finns inte. Menade du ”list”?",
        ),
        (("templates", "nope"), "Komentoa ”nope” ei ole.", "Kommandot ”nope” finns inte."),
        (("send",), "Arvo puuttuu: TUNNUS.", "Värde saknas: ID."),
        (("list", "--jsn"), "Tarkoititko: --json?", "Menade du --json?"),
        (
            ("send", "--re"),
            "(Tarkoititko jotakin näistä: --resume, --test, --yes?)",
            "(Menade du någon av dessa: --resume, --test, --yes?)",
        ),
        (
            ("list", "--year", "x"),
            "--year: arvo ei kelpaa: ”x” ei ole kokonaisluku",
            "--year: ogiltigt värde: ”x” är inte ett heltal",
        ),
        (
            ("templates", "use", "x"),
            "ULKOASU: arvo ei kelpaa: ”x” ei ole mikään näistä: ”default”, ”letter”, ”magazine”",
            "UTSEENDE: ogiltigt värde: ”x” är inte någon av dessa: ”default”, ”letter”, ”magazine”",
        ),
        (
            ("subscribers", "import", "nope.csv"),
            "TIEDOSTO: arvo ei kelpaa: Tiedosto ”nope.csv” puuttuu.",
            "FIL: ogiltigt värde: Filen ”nope.csv” finns inte.",
        ),
        (
            ("-C", "nope", "list"),
            "-C: arvo ei kelpaa: Kansio ”nope” puuttuu.",
            "-C: ogiltigt värde: Mappen ”nope” finns inte.",
        ),
        (
            ("subscribers", "show", "a b@c.fi"),
            "merkkejä, joita siinä ei voi olla: välilyönti",
            "tecken som inte får stå där: mellanslag",
        ),
        (("subscribers", "show", "aä@c.fi"), ": ”ä”", ": ”ä”"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_is_told_in_each_language_with_its_own_quotes(
    site: Site, asked: tuple[str, ...], finnish: str, swedish: str
) -> None:
    for language, words in (("fi", finnish), ("sv", swedish)):
        site.environment["NEWSLETTER_LANG"] = language

        assert words in site.run(*asked, code=2).stderr


def test_a_language_after_the_command_is_told_where_it_belongs(site: Site) -> None:
    """There it would be another thing for some commands: the language of a draft, of a test."""
    said = site.run("--lang", "en", "check", "2026-06", "--lang", "fi", code=2).stderr

    assert "--lang stands before the command: newsletter --lang ..." in said
