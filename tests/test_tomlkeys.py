"""Each key of a TOML file is found on its line, however it is written."""

import pytest

from newsletter.tomlkeys import line_of_key

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
