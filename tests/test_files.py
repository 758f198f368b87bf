"""Files are found by the names people see, however their letters are stored."""

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from newsletter.files import find_file
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
