"""An update loses nothing of the owner's, whatever is in the file and whenever it is stopped."""

import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ConfigError
from newsletter.render import COPIED_FILE, Look, Memory, Origin, recall, remember
from newsletter.upgrades import Outcome, Relation, differences_of, renew, renewal_of, template_of
from newsletter.upgrades.threeway import YOURS

NAME = "row.mjml"  # some template of the package


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """A newsletter without templates of its own."""
    return Look(folder=tmp_path / "templates")


def test_a_copy_with_the_line_ends_of_windows_keeps_them(look: Look) -> None:
    _begin(look, base=["<!-- old -->", *_package(look)[1:]], yours=[*_package(look), "MINE"])
    path = look.folder / NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert _update(look) is Outcome.CONFLICT or b"MINE" in path.read_bytes()

    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
    assert b"MINE" in content


def test_a_copy_that_nobody_changed_is_renewed_with_the_line_ends_it_has(look: Look) -> None:
    old = ["<!-- old -->", *_package(look)]
    _begin(look, base=old, yours=old)
    path = look.folder / NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert _update(look) is Outcome.RENEWED

    assert path.read_text("utf-8").splitlines() == _package(look)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
    assert template_of(NAME, look, recall(look.folder)).relation is Relation.SAME
    assert not (look.folder / f"{NAME}.before").exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00binary\x00", b"x\xe4\n"], ids=["utf16", "latin1"]
)
def test_a_file_that_is_no_text_is_left_alone_and_named(look: Look, content: bytes) -> None:
    _begin(look, base=["old"], yours=["mine"])
    (look.folder / NAME).write_bytes(content)

    assert _update(look) is Outcome.LEFT

    assert (look.folder / NAME).read_bytes() == content
    assert template_of(NAME, look, recall(look.folder)).relation is Relation.UNREADABLE


def test_a_huge_file_is_left_alone(look: Look) -> None:
    _begin(look, base=["old"], yours=["mine\n" * 300_000])

    assert _update(look) is Outcome.LEFT


def test_a_file_of_many_equal_lines_is_merged_and_compared_in_good_time(look: Look) -> None:
    _begin(look, base=[""] * 400_000, yours=["", *["x"] * 300_000])

    assert _update(look) is Outcome.CONFLICT
    assert list(differences_of(template_of(NAME, look, recall(look.folder))))


def test_a_link_out_of_the_folder_is_neither_read_nor_written(look: Look) -> None:
    outside = look.folder.parent.parent / f"{look.folder.parent.name}-outside.mjml"
    outside.write_text("of somebody else\n", encoding="utf-8")
    _begin(look, base=["old"], yours=["mine"])
    (look.folder / NAME).unlink()
    (look.folder / NAME).symlink_to(outside)

    assert _update(look) is Outcome.LEFT

    assert outside.read_text(encoding="utf-8") == "of somebody else\n"
    outside.unlink()


@pytest.mark.parametrize("name", [COPIED_FILE, f"{NAME}.before"])
def test_what_an_update_writes_besides_never_follows_a_link_out_of_the_folder(
    look: Look, name: str
) -> None:
    outside = look.folder.parent.parent / f"{look.folder.parent.name}-outside.txt"
    outside.write_text("of somebody else\n", encoding="utf-8")
    _begin(look, base=["old", *_package(look)], yours=["old", *_package(look), "mine"])
    (look.folder / name).unlink(missing_ok=True)
    (look.folder / name).symlink_to(outside)

    with pytest.raises(ConfigError, match=name):
        _update(look)

    assert outside.read_text(encoding="utf-8") == "of somebody else\n"
    outside.unlink()


def test_a_link_within_the_folder_stays_one(look: Look) -> None:
    _begin(look, base=["old", *_package(look)], yours=["old", *_package(look), "mine"])
    path, real = look.folder / NAME, look.folder.parent / "mine.mjml"
    path.rename(real)
    path.symlink_to(real)

    assert _update(look) is Outcome.MERGED

    assert path.is_symlink()
    assert real.read_text("utf-8").splitlines() == [*_package(look), "mine"]


def test_a_file_of_ones_own_is_so_whatever_another_look_has_under_its_name(look: Look) -> None:
    look.folder.mkdir(exist_ok=True)
    (look.folder / "extra.css").write_text(".mine { color: #111111 }\n", encoding="utf-8")

    template = template_of("extra.css", look, recall(look.folder))

    assert template.relation is Relation.OWN


def test_rights_of_a_file_stay(look: Look) -> None:
    _begin(look, base=["old", *_package(look)], yours=["old", *_package(look), "mine"])
    (look.folder / NAME).chmod(0o640)

    _update(look)

    assert stat.S_IMODE((look.folder / NAME).stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights bind neither here")
def test_a_folder_that_cannot_be_written_stays_as_it_is(look: Look) -> None:
    _begin(look, base=["old", *_package(look)], yours=["old", *_package(look), "mine"])
    before = _files(look.folder)
    look.folder.chmod(0o500)

    try:
        with pytest.raises(OSError, match=look.folder.name):
            _update(look)
    finally:
        look.folder.chmod(0o700)

    assert _files(look.folder) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"copied": 3}',
        b'{"copied": {"row.mjml": {"look": "default", "digest": "0", "text": ["changed"]}}}',
        b'{\n<<<<<<< HEAD\n"copied": {}\n}',
        b"\xff",
        b"[" * 100_000,
    ],
    ids=["empty", "a list", "a number", "changed", "merged", "no text", "deep"],
)
def test_a_damaged_memory_is_named_and_never_replaced(look: Look, content: bytes) -> None:
    look.folder.mkdir()
    path = look.folder / COPIED_FILE
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=COPIED_FILE):
        recall(look.folder)

    assert path.read_bytes() == content


def test_a_mark_of_notepad_before_a_memory_is_no_damage(look: Look) -> None:
    _begin(look, base=["old"], yours=["mine"])
    path = look.folder / COPIED_FILE
    remembered = recall(look.folder)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert recall(look.folder) == remembered


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_write_an_update_goes_on_to_the_same_end(look: Look) -> None:
    text = _package(look)
    base, yours = ["old", *text[1:]], ["mine", *text[1:], "more of mine"]
    _begin(look, base=base, yours=yours)
    begun = look.folder.with_name("begun")
    shutil.copytree(look.folder, begun)
    _update(look)
    wanted = _files(look.folder)
    assert YOURS in wanted[NAME].decode()

    ends = 0
    for number in range(1, 20):
        shutil.rmtree(look.folder)
        shutil.copytree(begun, look.folder)
        ends += _update_killed_at(look, number)
        now = (look.folder / NAME).read_bytes()
        if now != wanted[NAME]:
            assert now == _bytes(yours)
            assert _update(look) is Outcome.CONFLICT
        done = _files(look.folder)
        assert {n: c for n, c in done.items() if n != COPIED_FILE} == {
            n: c for n, c in wanted.items() if n != COPIED_FILE
        }
        origin = recall(look.folder).origin_of(NAME, done[NAME])
        assert origin is not None
        assert origin.text.splitlines() == text
        if ends:
            break

    assert number > 3  # the file before, the memory, the file: each was a place to die at


# --- whatever owner and package do ----------------------------------------------------------


@st.composite
def _edits(draw: st.DrawFn, lines: list[str], mark: str) -> list[str]:
    """Draw what somebody makes of a text; each line that they write is new."""
    what = st.sampled_from(["keep"] * 6 + ["change", "remove", "add"])
    edited: list[str] = []
    for number, line in enumerate(lines):
        done = draw(what)
        if done in ("change", "add"):
            edited.append(f"{mark} {number}")
        if done in ("keep", "add"):
            edited.append(line)
    return edited


@given(data=st.data(), ends=st.sampled_from(["\n", "\r\n"]), closed=st.booleans())
def test_no_line_of_the_owner_is_lost_by_an_update(
    data: st.DataObject, ends: str, closed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        look = Look(folder=Path(folder) / "templates")
        base = data.draw(_edits(_package(look), "once"), label="base")
        yours = data.draw(_edits(base, "mine"), label="yours")
        _begin(look, base=base, yours=yours)
        path = look.folder / NAME
        content = (ends.join(yours) + ends * closed).encode()
        path.write_bytes(content)

        _update(look)

        after = path.read_text(encoding="utf-8").splitlines()
        written = [line for line in yours if line.startswith("mine")]
        assert [line for line in after if line.startswith("mine")] == written
        if path.read_bytes() != content and written:
            assert (look.folder / f"{NAME}.before").read_bytes() == content


# --- what the tests share -------------------------------------------------------------------


def _package(look: Look) -> list[str]:
    path = look.find(NAME)
    assert path is not None
    return path.read_text(encoding="utf-8").splitlines()


def _begin(look: Look, *, base: list[str], yours: list[str]) -> None:
    """Make a newsletter that copied a template once, and then changed it."""
    look.folder.mkdir(parents=True)
    origin = Origin(look="default", text=_bytes(base).decode())
    remember(Memory(folder=look.folder), NAME, origin, before=None, after=b"")
    (look.folder / NAME).write_bytes(_bytes(yours))


def _bytes(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _update(look: Look) -> Outcome:
    memory = recall(look.folder)
    renewal = renewal_of(template_of(NAME, look, memory), look, is_named=True)
    renew(look, renewal, memory)
    return renewal.outcome


def _update_killed_at(look: Look, number: int) -> bool:
    """Update in a process that dies before its n-th file is in place; return whether it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            left = iter(range(number - 1, -1, -1))
            sys.addaudithook(lambda event, _: _die_at_last(event, left))
            _update(look)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _die_at_last(event: str, left: Iterator[int]) -> None:
    if event == "os.rename" and next(left) == 0:
        os._exit(9)


def _files(folder: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder, but for what a killed process began to write."""
    files = (path for path in folder.iterdir() if path.suffix != ".part")
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def test_the_memory_is_told_what_it_is_for(look: Look) -> None:
    """Somebody who finds the file knows what to do with it."""
    _begin(look, base=["old"], yours=["mine"])

    about = json.loads((look.folder / COPIED_FILE).read_text(encoding="utf-8"))["about"]

    assert "newsletter templates update" in about
