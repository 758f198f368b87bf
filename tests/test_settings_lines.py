"""A value is changed where it stands, and every other line of the settings stays as it was."""

import tomllib
from io import StringIO

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.settings.lines import value_in, with_secret, with_value

TEXT = """\
# Ours.
[newsletter]
title = "kirje"   # what it is called
from = 'kirje <a@example.org>'
# public_url = "https://news.example.org"   # where

[provider]
name = "outbox"                     # writes files: brevo,
                                    # or smtp
# domain = "example.org"

[[collect.feeds]]
url = "https://www.example.org/feed.xml"
"""
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
KEYS = st.sampled_from(
    [
        ("newsletter", "title"),
        ("newsletter", "from"),
        ("newsletter", "public_url"),
        ("provider", "name"),
        ("provider", "domain"),
        ("provider", "host"),
        ("preview", "tests"),
    ]
)
VALUES = WORDS | st.lists(WORDS, max_size=3) | st.integers(0, 9999)


@given(KEYS, VALUES, st.sampled_from(["\n", "\r\n"]))
def test_only_the_value_is_another(key: tuple[str, str], value: object, end: str) -> None:
    text = TEXT.replace("\n", end)

    changed = with_value(text, key, value)

    assert value_in(tomllib.loads(changed), key) == value
    kept = [line for line in text.split(end) if not line.startswith(f"{key[1]} =")]
    left = iter(changed.split(end))
    assert all(line in left for line in kept), changed  # in order
    assert with_value(changed, key, value) == changed


def test_remarks_stay_and_new_keys_stand_by_their_example() -> None:
    text = with_value(TEXT, ("newsletter", "title"), "Säätiön kirje")
    text = with_value(text, ("newsletter", "public_url"), "https://kirje.example.org")
    text = with_value(text, ("provider", "name"), "brevo")
    text = with_value(text, ("provider", "host"), "smtp.example.org")

    assert 'title = "Säätiön kirje"   # what it is called\n' in text
    assert '# where\npublic_url = "https://kirje.example.org"\n\n[provider]' in text
    assert 'name = "brevo"                      # writes files: brevo,\n' in text
    assert '# or smtp\nhost = "smtp.example.org"\n' in text


def test_what_is_not_wanted_any_more_is_commented_out() -> None:
    text = with_value(TEXT, ("newsletter", "title"), None)

    assert '\n# title = "kirje"   # what it is called\n' in text


@pytest.mark.parametrize(
    "text",
    [
        'newsletter = { title = "x" }\n',
        '[newsletter]\ntitle = """\nlong\n"""\n',
        '[newsletter]\n"title" = "x"\n',
        'note = """\n[newsletter]\ntitle = 1\n"""\n[newsletter]\ntitle = "x"\n',
    ],
    ids=["inline", "several-lines", "quoted", "within-a-text"],
)
def test_what_is_written_otherwise_is_left_to_the_editor(text: str) -> None:
    with pytest.raises(ConfigError, match=r'title = "new"'):
        with_value(text, ("newsletter", "title"), "new")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_a_secret_is_read_back_as_it_was_written(secret: str) -> None:
    before = "# keys\nOTHER='a b'\nexport KEY=old\nTHIRD=3\n"
    try:
        changed = with_secret(before, "KEY", secret)
    except ConfigError:
        assert "${" in secret
        return

    found = dotenv_values(stream=StringIO(changed))
    assert found == {"OTHER": "a b", "KEY": secret, "THIRD": "3"}
    assert changed.startswith("# keys\nOTHER='a b'\n")
