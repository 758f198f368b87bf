"""Two versions of a text are merged so that no line of the owner's is lost."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.upgrades.threeway import BETWEEN, PACKAGE, YOURS, lines_of, merge_texts

BASE = "a\nb\nc\nd\ne\n"


# What yours and the package made of BASE, and both together.
_TOGETHER = {
    "only yours": ("a\nB\nc\nd\ne\n", BASE, "a\nB\nc\nd\ne\n"),
    "only the package": (BASE, "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\ne\nf\n"),
    "far apart": ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
    "neighbours": ("a\nB\nc\nd\ne\n", "a\nb\nC\nd\ne\n", "a\nB\nC\nd\ne\n"),
    "a new key below": ("a\nB\nc\nd\ne\n", "a\nb\nn\nc\nd\ne\n", "a\nB\nn\nc\nd\ne\n"),
    "a line taken out": ("a\nc\nd\ne\n", "a\nb\nc\nD\ne\n", "a\nc\nD\ne\n"),
    "the same": ("a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n"),
    "emptied": ("", BASE, ""),
    "Windows": ("a\r\nB\r\nc\r\nd\r\ne\r\n", f"{BASE}f\n", "a\r\nB\r\nc\r\nd\r\ne\r\nf\r\n"),
    "no final newline": ("a\nB\nc\nd\ne", f"{BASE}f\n", "a\nB\nc\nd\ne\nf\n"),
    "a byte order mark": ("\ufeffa\nB\nc\nd\ne\n", f"{BASE}f\n", "\ufeffa\nB\nc\nd\ne\nf\n"),
}


@pytest.mark.parametrize("case", _TOGETHER)
def test_changes_of_both_go_together(case: str) -> None:
    yours, package, merged = _TOGETHER[case]

    found = merge_texts(BASE, yours, package)

    assert found.text == merged
    assert not found.conflicts


def test_what_both_changed_otherwise_stands_between_marks() -> None:
    found = merge_texts(BASE, "a\nb\nMINE\nd\ne\n", "a\nb\nTHEIRS\nd\ne\n")

    assert found.text == f"a\nb\n{YOURS}\nMINE\n{BETWEEN}\nTHEIRS\n{PACKAGE}\nd\ne\n"
    assert found.conflicts == (3,)


def test_what_both_added_at_one_place_is_a_conflict_but_for_what_is_the_same() -> None:
    found = merge_texts("a\n", "a\nsame\nMINE\nend\n", "a\nsame\nTHEIRS\nend\n")

    assert found.text == f"a\nsame\n{YOURS}\nMINE\n{BETWEEN}\nTHEIRS\n{PACKAGE}\nend\n"


def test_a_changed_line_that_the_package_took_out_is_a_conflict() -> None:
    found = merge_texts(BASE, "a\nb\nMINE\nd\ne", "a\nb\ne\n")

    assert "MINE" in found.text
    assert found.conflicts == (3,)


def test_marks_have_the_ends_of_your_lines() -> None:
    found = merge_texts("a", "MINE\r\nx", "THEIRS")

    assert found.text == f"{YOURS}\r\nMINE\r\nx\r\n{BETWEEN}\r\nTHEIRS\r\n{PACKAGE}\r\n"


def test_two_large_files_of_the_same_line_are_merged_at_once() -> None:
    begun = time.process_time()

    found = merge_texts("\n" * 200_000, "x\n" + "\n" * 100_000, "y\n" + "\n" * 150_000)

    assert found.conflicts
    assert time.process_time() - begun < 10  # compared in full, it would take hours


# --- whatever owner and package do ----------------------------------------------------------

_LINES = st.sampled_from(["a", "b", "c", "", "}", "{% endif %}"])
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def _versions(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a text, and what owner and package made of it; each line that they write is new."""
    base = draw(st.lists(_LINES, max_size=25))
    made = [_edited(draw, base, mark) for mark in ("mine", "theirs")]
    ends = [draw(_ENDS) for _ in range(3)]
    texts = [end.join(lines) for end, lines in zip(ends, [base, *made], strict=True)]
    closed = [draw(st.booleans()) for _ in texts]
    return tuple(t + end * c for t, end, c in zip(texts, ends, closed, strict=True))  # type: ignore[return-value]


def _edited(draw: st.DrawFn, lines: list[str], mark: str) -> list[str]:
    edited: list[str] = []
    what = st.sampled_from(["keep", "keep", "keep", "keep", "change", "remove", "add"])
    for number, line in enumerate([*lines, ""]):
        done = draw(what)
        if done in ("change", "add"):
            edited.append(f"{mark} {number}")
        if done in ("keep", "add") and number < len(lines):
            edited.append(line)
    return edited


@given(_versions())
@example(("", "", ""))
def test_no_line_that_the_owner_wrote_is_ever_lost(versions: tuple[str, str, str]) -> None:
    base, yours, package = versions

    found = merge_texts(base, yours, package)

    words = [line.rstrip("\r\n") for line in lines_of(found.text)]
    for version, mark in ((yours, "mine"), (package, "theirs")):
        written = [w for w in version.splitlines() if w.startswith(mark)]
        assert [w for w in words if w.startswith(mark)] == written
    assert found.conflicts == tuple(n for n, w in enumerate(words, 1) if w == YOURS)
    assert words.count(YOURS) == words.count(BETWEEN) == words.count(PACKAGE)


@given(_versions())
def test_a_conflict_decided_for_one_side_leaves_all_lines_of_that_side(
    versions: tuple[str, str, str],
) -> None:
    """What the package left alone is as yours has it, and the other way round."""
    base, yours, package = versions

    assert _words(merge_texts(base, yours, base).text) == _words(yours)
    assert _words(merge_texts(base, base, package).text) == _words(package)
    assert merge_texts(base, yours, yours).text == yours


@given(_versions())
def test_merging_again_changes_nothing(versions: tuple[str, str, str]) -> None:
    base, yours, package = versions
    once = merge_texts(base, yours, package)

    again = merge_texts(package, once.text, package)

    assert again.text == once.text


def _words(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in lines_of(text)]
