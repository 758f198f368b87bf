"""Settings are found, checked and explained."""

from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.settings import find_root, load_settings, recipients_a_second

GOOD = """\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Example Foundation, Street 1, 00100 Helsinki"
"""  # five lines: a line that a test adds is the sixth


def write(folder: Path, text: str) -> Path:
    """Write the settings of a newsletter and return its folder."""
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return folder


def fault_of(folder: Path) -> str:
    """Return what loading says is wrong."""
    with pytest.raises(ConfigError) as caught:
        load_settings(folder)
    return str(caught.value)


# --- finding the file ---------------------------------------------------------------------


def test_settings_are_found_in_a_folder_above(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    deep = tmp_path / "issues" / "2026-12"
    deep.mkdir(parents=True)

    root = find_root(deep)

    assert root == tmp_path.resolve()
    assert load_settings(deep).root == root


def test_the_nearest_settings_win(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, GOOD.replace('"Kirje"', '"Toinen"'))

    settings = load_settings(inner)

    assert settings.newsletter.title == "Toinen"


def test_a_relative_start_is_looked_up_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "issues").mkdir()
    monkeypatch.chdir(tmp_path / "issues")

    assert load_settings(Path()).root == tmp_path.resolve()


def test_a_missing_file_names_the_folder_and_the_cure(tmp_path: Path) -> None:
    fault = fault_of(tmp_path)

    assert str(tmp_path) in fault
    assert "newsletter init DIR" in fault
    assert "newsletter -C DIR" in fault


# --- faults -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        # a key nearly right
        (GOOD + 'langauge = "fi"\n', 6, ["newsletter.langauge", "did you mean “language”"]),
        # a key nearly right in another table
        (
            GOOD + '[provider]\nbase_urls = "https://api.example.org"\n',
            7,
            ["provider.base_urls", "did you mean “base_url”"],
        ),
        # a key like no other: the known ones are listed
        (GOOD + "zzz = 1\n", 6, ["newsletter.zzz", "known here", "reply_to"]),
        # the name of a field in the program is no key
        (GOOD.replace("from =", "from_ ="), 4, ["from_", "did you mean “from”"]),
        # a table nearly right
        (GOOD + '[provder]\nname = "outbox"\n', 6, ["provder", "did you mean “provider”"]),
        # a key outside any table
        ('colour = "red"\n' + GOOD, 1, ["colour", "unknown key"]),
        # the program's own field is no key either
        ('root = "/elsewhere"\n' + GOOD, 1, ["root", "unknown key"]),
        # a number where words are expected
        (GOOD.replace('"Kirje"', "5"), 2, ["newsletter.title", "expected text"]),
        # words where a number is expected
        (GOOD + '[provider]\nbatch_size = "9"\n', 7, ["provider.batch_size", "whole number"]),
        # a number out of range
        (GOOD + "[provider]\nbatch_size = 0\n", 7, ["provider.batch_size", "1"]),
        # a word where one of a few is expected
        (GOOD + '[tracking]\nopens = "all"\n', 7, ["tracking.opens", "off", "provider"]),
        # words without any
        (GOOD.replace('"Kirje"', '" "'), 2, ["newsletter.title", "expected words"]),
        # a title of two lines
        (GOOD.replace('"Kirje"', r'"a\nb"'), 2, ["newsletter.title", "one line"]),
        # a title in what is no language, in braces and in a table of its own
        (GOOD + 'titles = { svenska = "Brev" }\n', 6, ["titles.svenska”", "such as"]),
        (GOOD + '[newsletter.titles]\nsv = ""\n', 7, ["titles.sv”", "expected words"]),
        # a time zone that does not exist
        (GOOD + 'timezone = "Europe/Turku"\n', 6, ["newsletter.timezone", "Europe/Helsinki"]),
        # a database that this version cannot use
        (
            GOOD + '[database]\nurl = "mysql://x"\n',
            7,
            ["database.url", 'expected "sqlite:///PATH"'],
        ),
        # a password where everybody can read it
        (
            GOOD + '[database]\nurl = "postgresql://news:pw@db/news"\n',
            7,
            ["database.url", "NEWSLETTER_DATABASE_PASSWORD"],
        ),
        (
            GOOD + '[database]\nurl = "postgresql://news@db/news?password=pw"\n',
            7,
            ["database.url", "NEWSLETTER_DATABASE_PASSWORD"],
        ),
        (
            GOOD + 'public_url = "https://me:pw@news.example.org"\n',
            6,
            ["newsletter.public_url", "a name and password do not belong here"],
        ),
        (
            GOOD + '[provider]\nbase_url = "https://me@api.example.org"\n',
            7,
            ["provider.base_url", "a name and password do not belong here"],
        ),
        # a key or a password in clear, where others can read it
        (
            GOOD + '[provider]\nbase_url = "http://api.example.org"\n',
            7,
            ["provider.base_url", "write “https://” for “http://”"],
        ),
        (
            GOOD + '[provider]\nhost = "mail.example.org"\nsecurity = "none"\nusername = "a"\n',
            9,
            ["provider.username", 'security = "starttls"'],
        ),
        # brackets and ports that are none
        (GOOD + '[provider]\nbase_url = "https://a:99999"\n', 7, ["base_url", "https://news"]),
        (GOOD + '[[collect.feeds]]\nurl = "http://[bad"\n', 7, ["url", "feed.xml"]),
        # a rate without a span
        (GOOD + '[provider]\nrate = "100"\n', 7, ["provider.rate", "100/s"]),
        # no time at all to answer
        (GOOD + "[provider]\ntimeout = 0\n", 7, ["provider.timeout", "0"]),
        # a table where words are expected
        (GOOD + 'public_url = {host = "x"}\n', 6, ["newsletter.public_url", "expected text"]),
        # a value where a table is expected
        ('provider = "outbox"\n' + GOOD, 1, ["provider"]),
        # no value, a key twice, and what is never closed, at the end of the file
        (GOOD + "public_url =\n", 6, ["not valid TOML"]),
        (GOOD + 'language = "sv"\n', 6, ["not valid TOML"]),
        (GOOD + 'public_url = "x', 6, ["not valid TOML"]),
    ],
)
def test_an_unknown_key_or_a_wrong_value_names_its_line_and_what_was_expected(
    tmp_path: Path, text: str, line: int, parts: list[str]
) -> None:
    fault = fault_of(write(tmp_path, text))

    assert f"{tmp_path / 'newsletter.toml'}:{line}: " in fault
    assert [part for part in parts if part not in fault] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reply_to", ""),  # nothing
        ("reply_to", "Kirje"),  # no address
        ("reply_to", "kirje@"),  # half an address
        ("reply_to", "Kirje <kirje@example>"),  # a host without a dot
        ("reply_to", "Kirje <kirje@example.org"),  # a bracket that is never closed
        ("reply_to", r"Kirje\r\nBcc: x <kirje@example.org>"),  # a second header
        ("reply_to", "Kirje, uusi <kirje@example.org>"),  # a comma outside quotation marks
        ("reply_to", "a@example.org, b@example.org"),  # two mailboxes
        ("reply_to", "Kirje <kirje@example.org> b@example.org"),  # something behind the mailbox
        ("public_url", "example.org"),  # no scheme
        ("public_url", "ftp://example.org"),  # another scheme
        ("public_url", "https://"),  # no host
        ("public_url", "https://[news"),  # no address at all
        ("public_url", "https://news example.org"),  # a space
        ("public_url", r"https://news.example.org/\nX-Header: y"),  # a line break
        ("public_url", "https://news.example.org/?page=1"),  # paths could not follow
    ],
)
def test_a_bad_mailbox_or_url_is_refused_with_its_line(
    tmp_path: Path, key: str, value: str
) -> None:
    fault = fault_of(write(tmp_path, GOOD + f'{key} = "{value}"\n'))

    assert f"{tmp_path / 'newsletter.toml'}:6: “newsletter.{key}”" in fault


@pytest.mark.parametrize(
    "mailbox",
    [
        "kirje@example.org",  # an address alone
        "<kirje@example.org>",  # an address in brackets
        "Kirje <kirje@example.org>",  # with a name
        r"\"Kirje, uusi\" <kirje@example.org>",  # a name that needs quotation marks
        "Työ <kirje@työ.example.org>",  # letters beyond ASCII
    ],
)
def test_a_mailbox_is_taken(tmp_path: Path, mailbox: str) -> None:
    settings = load_settings(write(tmp_path, GOOD + f'reply_to = "{mailbox}"\n'))

    assert settings.newsletter.reply_to == mailbox.replace("\\", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD + f"[check]\na = {'[' * 5000}{']' * 5000}\n", 7),
        (GOOD + "a = " + "{a = " * 5000, 6),
        (GOOD + "a = [\n" + "[\n" * 3000, 3006),
    ],
)
def test_depth_is_told_with_the_line_of_most_brackets(tmp_path: Path, text: str, line: int) -> None:
    fault = fault_of(write(tmp_path, text))

    assert f"newsletter.toml:{line}: tables or lists are nested too deep" in fault


@pytest.mark.parametrize(
    "again", ['title = "b"\n', "[check]\n[check]\n", "[check]\na.b = 1\na = 2\n"]
)
def test_a_key_given_twice_is_told_in_words_of_ours(tmp_path: Path, again: str) -> None:
    fault = fault_of(write(tmp_path, GOOD + again))

    assert "a key is given twice; keep one of the lines" in fault


def test_a_file_that_is_not_utf8_names_the_line_and_the_cure(tmp_path: Path) -> None:
    text = GOOD.replace("Example Foundation", "Säätiö")
    (tmp_path / "newsletter.toml").write_bytes(text.encode("latin-1"))

    fault = fault_of(tmp_path)

    assert f"{tmp_path / 'newsletter.toml'}:5: not UTF-8" in fault
    assert "save the file as UTF-8" in fault


@pytest.mark.parametrize("key", ["title", "from", "sender"])
def test_a_missing_key_names_its_table(tmp_path: Path, key: str) -> None:
    text = "".join(line for line in GOOD.splitlines(True) if not line.startswith(key))

    fault = fault_of(write(tmp_path, text))

    assert f"{tmp_path / 'newsletter.toml'}:1: key “newsletter.{key}” is missing" in fault


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    fault = fault_of(write(tmp_path, ""))

    assert f"{tmp_path / 'newsletter.toml'}" in fault
    assert "key “newsletter” is missing" in fault


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    fault = fault_of(write(tmp_path, GOOD.replace('"Kirje"', "5") + 'lang = "fi"\n'))

    assert len(fault.splitlines()) == 2


# --- values -------------------------------------------------------------------------------


def test_what_is_left_out_has_harmless_defaults(tmp_path: Path) -> None:
    text = GOOD.replace('language = "fi"\n', "")

    settings = load_settings(write(tmp_path, text))

    assert settings.newsletter.language == "en"
    assert settings.newsletter.reply_to is None
    assert settings.newsletter.public_url is None
    assert settings.provider.name == "outbox"
    assert settings.tracking.opens == "off"
    assert settings.database_file == tmp_path / "subscribers" / "newsletter.db"


def test_a_ledger_on_a_server_has_no_file(tmp_path: Path) -> None:
    text = GOOD + '[database]\nurl = "postgresql://news@db.example.org/news"\n'

    settings = load_settings(write(tmp_path, text))

    assert settings.database_file is None
    assert settings.database.url == "postgresql+psycopg://news@db.example.org/news"


@pytest.mark.parametrize(
    ("rate", "a_second"),
    [
        ("100/s", 100),  # as providers write it
        ("90/min", 1.5),  # slower than one a second
        ("3600 / h", 1),  # with spaces
        ("0.5/s", 0.5),  # less than one
        ("100", 0),  # no span
        ("-1/s", 0),  # backwards
        ("100/day", 0),  # an unknown span
    ],
)
def test_a_rate_is_recipients_a_second(rate: str, a_second: float) -> None:
    assert recipients_a_second(rate) == a_second


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = GOOD.replace("\n", "\r\n")
    (tmp_path / "newsletter.toml").write_bytes(text.encode("utf-8-sig"))

    assert load_settings(tmp_path).newsletter.title == "Kirje"


def test_the_slash_at_the_end_of_a_url_is_dropped(tmp_path: Path) -> None:
    text = GOOD + 'public_url = "https://news.example.org/"\n'

    settings = load_settings(write(tmp_path, text))

    assert settings.newsletter.public_url == "https://news.example.org"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("sv", "Brev"),  # a language that has one
        ("sv-FI", "Brev"),  # of a country: that of the language
        ("en-GB", "British"),  # unless the country has its own
        ("de", "Kirje"),  # none
    ],
)
def test_the_title_is_the_nearest_to_the_language(
    tmp_path: Path, language: str, title: str
) -> None:
    text = GOOD + 'titles = { sv = "Brev", en = "Letter", en-GB = "British" }\n'

    settings = load_settings(write(tmp_path, text))

    assert settings.newsletter.title_in(language) == title


def test_the_sender_may_be_named_in_each_language(tmp_path: Path) -> None:
    text = GOOD + 'senders = { sv = "Kompetens, Gatan 4" }\n'

    table = load_settings(write(tmp_path, text)).newsletter

    assert table.sender_in("sv-FI") == "Kompetens, Gatan 4"
    assert table.sender_in("de") == table.sender


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost:8025", "[::1]:8025"])
def test_this_machine_may_be_asked_in_clear(tmp_path: Path, host: str) -> None:
    text = GOOD + f'[provider]\nbase_url = "http://{host}"\n'

    assert load_settings(write(tmp_path, text)).provider.base_url == f"http://{host}"
