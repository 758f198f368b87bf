"""Where code within a line ends, whatever backquotes stand around it."""

import pytest

from newsletter.markup.backticks import CodeSpans


@pytest.mark.parametrize(
    ("text", "start", "after", "end"),
    [
        ("`a`", 0, 1, 3),
        ("``a`b``", 0, 2, 7),
        ("`a", 0, 1, 1),  # it is none
        ("`a\n\nb`", 0, 1, 1),  # a paragraph ends it
        ("\\`` a", 2, 3, 3),  # the run has two signs, one of which a backslash took
        ("\\`` a `", 2, 3, 7),
    ],
)
def test_code_ends_at_as_many_signs_as_it_began_with(
    text: str, start: int, after: int, end: int
) -> None:
    assert CodeSpans(text).end_of(start, after) == end
