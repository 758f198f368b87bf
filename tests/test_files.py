"""Files are found by the names people see, however their letters are stored."""

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from newsletter.files import find_file, leads_out
from tests.conftest import Site

Form = Literal["NFC", "NFD"]


@pytest.mark.parametrize(("stored", "asked"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFC", "NFC")])
def test_letters_of_one_sign_or_two_name_the_same_file(
    tmp_path: Path, stored: Form, asked: Form
) -> None:
    folder = tmp_path / normalize(stored, "lähetys")
    folder.mkdir()
    file = folder / normalize(stored, "jäätä.jpg")
    file.write_bytes(b"")

    assert find_file(tmp_path, normalize(asked, "lähetys/jäätä.jpg")).samefile(file)


def test_a_name_that_is_nowhere_is_where_it_would_be(tmp_path: Path) -> None:
    assert find_file(tmp_path, "käyttö/jää.jpg") == tmp_path / "käyttö/jää.jpg"


def test_a_picture_named_by_a_mac_is_mailed(site: Site) -> None:
    picture = Path(__file__).parents[1] / "docs/images/preview/list.png"
    file = site.root / "issues/2026-06" / normalize("NFD", "jäätä.png")
    file.parent.mkdir()
    file.write_bytes(picture.read_bytes())
    path = site.root / "issues/2026-06.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n![Järvi jäässä](2026-06/jäätä.png)\n", encoding="utf-8")

    site.run("build", "2026-06", "--out", str(site.root / "out"))

    assert b"Content-Type: image/png" in (site.root / "out/2026-06.eml").read_bytes()


def test_a_link_leads_out_of_a_folder_or_stays_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "file").touch()
    (tmp_path / "file").touch()
    for name, target in {"in": "file", "out": "../file", "loop": "loop", "gone": "none"}.items():
        (folder / name).symlink_to(target)
    (tmp_path / "linked").symlink_to(folder)

    outside = {path.name for path in folder.iterdir() if leads_out(path, folder)}

    assert outside == {"out"}
    assert not leads_out(tmp_path / "linked" / "file", folder)
    assert leads_out(folder / ".." / "file", folder)


@pytest.mark.parametrize("command", [["templates"], ["templates", "update"]])
def test_a_loop_of_links_where_copies_are_remembered_is_refused_by_name(
    command: list[str], site: Site
) -> None:
    memory = site.write("templates/copied.json", "")
    memory.unlink()
    memory.symlink_to(memory.name)
    site.write("templates/extra.css", "p { margin: 0 }")

    done = site.run(*command, code=3)

    assert "copied.json: Too many levels of symbolic links" in done.stderr
