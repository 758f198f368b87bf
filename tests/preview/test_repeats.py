"""What an issue still holds of an earlier one."""

from pathlib import Path

import pytest

from newsletter.content import read_issue
from newsletter.model import Issue
from newsletter.preview.repeats import find_repeats

_HEAD = '---\nsubject: "{}"\ndate: 2026-06-15\n---\n'


def _issue(folder: Path, name: str, body: str) -> Issue:
    path = folder / f"{name}.md"
    path.write_text(_HEAD.format(name) + body, encoding="utf-8")
    return read_issue(path, root=folder, language="fi")


@pytest.mark.parametrize(
    ("earlier", "later", "found"),
    [
        (  # a long sentence, with other emphasis and another place
            "Tule. Ryhmä kokoontuu joka kuukauden ensimmäinen maanantai kello kymmenen.",
            "Hei.\n\nRyhmä kokoontuu joka kuukauden *ensimmäinen* maanantai kello kymmenen.",
            [("text", 7, 5)],
        ),
        ("Tule mukaan.", "Tule mukaan.", []),  # two words everybody writes
        ("Tule mukaan jo tänään.", "Tule mukaan jo tänään!", [("text", 5, 5)]),  # a whole block
        ('Hei {{ name|"hyvä ystävä ja lukija" }}!', 'Hei {{ name|"hyvä ystävä ja lukija" }}!', []),
        (
            "- yksi kaksi kolme neljä\n- muuta",
            "- aivan muuta\n- yksi kaksi kolme neljä",
            [("text", 5, 5)],
        ),
        (
            "[vanha](https://example.org/a)",
            "::: button https://example.org/a\nUusi\n:::",
            [("link", 5, 5)],
        ),
        ("[a](https://example.org/a)", "[a](https://example.org/b)", []),
    ],
)
def test_repeats_are_found_with_both_lines(
    tmp_path: Path, earlier: str, later: str, found: list[tuple[str, int, int]]
) -> None:
    old, new = _issue(tmp_path, "vanha", earlier), _issue(tmp_path, "uusi", later)

    repeats = find_repeats(new, old)

    assert [(r.kind, r.line, r.earlier_line) for r in repeats] == found


def test_two_languages_share_their_links_and_that_is_no_repeat(tmp_path: Path) -> None:
    old = _issue(tmp_path, "fi", "[suomeksi](https://example.org/a)")
    new = _issue(tmp_path, "sv", "[svenska](https://example.org/a)")

    assert find_repeats(new, old, links=False) == []
