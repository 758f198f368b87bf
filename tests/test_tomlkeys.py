"""TOML of strangers is read or refused at once; each key is found on its line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.tomlkeys import BrokenTomlError, line_of_key, read_toml

TEXT = """\
top.level = 1
[newsletter]
title = "a"
titles.sv = "b"
titles . "zh.Hant" = "c"
more = { en = "d" }
[check."silence"]
'a.b' = "e"
[[collect.feeds]]
url = "f"
[[collect.feeds]]
url = "g"
"""


def line_refused(text: str) -> int:
    """Return the line for which a text is refused; 0 if it is TOML."""
    try:
        read_toml(text)
    except BrokenTomlError as err:
        return err.line
    return 0


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("top level", 1),  # dotted, above all tables
        ("newsletter title", 3),
        ("newsletter titles sv", 4),  # dotted
        ("newsletter titles zh.Hant", 5),  # what stands in quotes is one name
        ("newsletter more en", 6),  # in braces
        ("newsletter sender", 2),  # missing: its table
        ("check silence a.b", 8),
        ("collect feeds 1 url", 12),  # of the second table of that name
        ("collect feeds 0 name", 9),
        ("title", None),  # of no table
    ],
)
def test_a_key_is_found_on_its_line(key: str, line: int | None) -> None:
    assert line_of_key(TEXT, key.split()) == line


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("a = 1\nb = " + "7" * 5_000, 2, "too many digits", id="digits"),
        pytest.param(
            "a = 1\nb = [1, -" + "7_7" * 5_000 + "]", 2, "too many digits", id="in a list"
        ),
        pytest.param("a = 1\na" + ".a" * 50_000 + " = 1", 2, "too deep", id="dotted"),
        pytest.param("\n\n[" + '"a" . ' * 9_000 + "a]", 3, "too deep", id="quoted, a header"),
        pytest.param("a = {" + "'b'.c." * 9_000 + "d = 1}", 1, "too deep", id="in braces"),
        pytest.param("a = 1\n" * 200_000, 1, "larger than 1,000,000", id="large"),
        pytest.param("a = 1\nb = 2026-13-01", 2, "not valid TOML", id="no day"),
        pytest.param('a = "\\ud800"', 1, "not valid TOML", id="half a character"),
    ],
)
def test_toml_that_cannot_be_parsed_or_not_soon_is_refused_with_its_line(
    text: str, line: int, message: str
) -> None:
    began = time.process_time()

    with pytest.raises(BrokenTomlError) as caught:
        read_toml(text)

    assert (caught.value.line, message in str(caught.value)) == (line, True)
    assert time.process_time() - began < 2


@given(st.text(st.sampled_from("a.\"'=[]{}, 17_-\n\ufeff")) | st.text())
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    assert 0 <= line_refused(text) <= text.count("\n") + 1


def test_a_sentence_of_many_dots_is_no_depth() -> None:
    words = "Yes. No. " * 9 + "www.a.example.org. " * 9 + "." * 80

    assert read_toml(f'a = "{words}"') == {"a": words}


def test_a_mark_of_notepad_in_front_of_a_text_is_no_part_of_it() -> None:
    assert read_toml("\ufeffa = 1\n") == {"a": 1}
    assert line_of_key("\ufeffa = 1\n", ["a"]) == 1
