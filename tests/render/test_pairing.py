"""The magazine puts short sections side by side, and says which near miss keeps one alone."""

from pathlib import Path

import pytest

from newsletter.model import Edition, Variant
from newsletter.render import Look, render_edition
from tests.render.newsletters import LETTERHEAD, read_body

_TABLE = "| a | b |\n|---|---|\n| c | d |"
_WIDE = "::: box\nsanoja\n:::"


def _edition(root: Path, *sections: str, look: str = "magazine") -> Edition:
    body = "\n\n".join(f"## Osa {n}\n\n{text}" for n, text in enumerate(sections, 1))
    issue = read_body(root, body)
    used = Look(folder=root / "templates", name=look)
    variant = Variant(language="fi", met=frozenset())
    return render_edition(issue, variant, LETTERHEAD, pictures={}, look=used)


@pytest.mark.parametrize(
    ("sections", "line", "said"),
    [
        # the next section is a little too long
        (("lyhyt", "pitkä " * 130), 5, "“Osa 2” has 791 characters with its links, and 700 fit"),
        # or the one before it, of the last
        (("pitkä " * 130, "lyhyt"), 9, "“Osa 1” has 791 characters"),
        # or holds what needs the whole width
        (("lyhyt", _TABLE), 5, "“Osa 2” holds a block “table”"),
    ],
)
def test_a_near_miss_is_told_at_the_section_that_stands_alone(
    root: Path, sections: tuple[str, ...], line: int, said: str
) -> None:
    (finding,) = _edition(root, *sections).findings

    assert (finding.id, finding.severity.value) == ("section-alone", "note")
    assert (finding.path, finding.line) == ("issues/2026-12.md", line)
    assert said in finding.message


@pytest.mark.parametrize(
    "sections",
    [
        ("lyhyt", "lyhyt"),  # they stand side by side
        ("lyhyt", "lyhyt", "lyhyt"),  # the last of an odd number
        ("lyhyt", "pitkä " * 300),  # by far too long
        ("lyhyt", _WIDE),  # as short as it may be, but a box follows
    ],
)
def test_nothing_is_told_where_no_change_of_a_few_words_would_help(
    root: Path, sections: tuple[str, ...]
) -> None:
    assert _edition(root, *sections).findings == ()


def test_looks_that_pair_nothing_say_nothing(root: Path) -> None:
    assert _edition(root, "lyhyt", _TABLE, look="default").findings == ()
