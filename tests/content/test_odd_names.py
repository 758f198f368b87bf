"""A file that nobody reads for its name is told of, with the name that it was to have."""

from pathlib import Path

import pytest

from newsletter.content import find_odd_names
from tests.content.conftest import english_alone


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Teemapäivä 1.md", "Teemapäivä-1.md"),
        ("day (2).sv.md", "day-2.sv.md"),
        ("day.fi.sv.md", "day.sv.md"),
        ("day.svensk.md", "day.sv.md"),
        ("day.sv .md", "day.sv.md"),
        ("day.MD", "day.md"),
        ("day.markdown", "day.md"),
        ("day.sv.md.txt", "day.sv.md"),  # Windows does not show the end
        ("3.12.2026.md", "3-12-2026.md"),
        ("!?.md", None),  # it begins with a sign, so it was put aside
    ],
)
@pytest.mark.parametrize("folder", ["issues", "meetings", "surveys", "material"])
def test_a_file_of_an_odd_name_is_told_with_the_name_it_was_to_have(
    name: str, meant: str | None, folder: str, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / name).write_text("---\ntitle: x\n---\n")

    found = list(find_odd_names(tmp_path))

    assert [(one.path, one.hint) for one in found] == (
        [(f"{folder}/{name}", f"did you mean “{meant}”?")] if meant else []
    )
    assert english_alone(found) == []


@pytest.mark.parametrize(
    "name",
    [
        *("day.md", "day.se.md", "päivä_2.sv-FI.md", "README.md", "Lueminut.txt"),
        *("day.luonnos.md", ".day.md.swp", "-day 1.md", "day.md~", "day.jpg", "liite.docx"),
    ],
)
def test_what_is_read_and_what_was_put_aside_is_not_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / name).write_text("")

    assert list(find_odd_names(tmp_path)) == []


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "surveys" / "2027.md").mkdir(parents=True)
    (tmp_path / "surveys" / "kuvat").mkdir()

    [found] = find_odd_names(tmp_path)

    assert (found.path, found.message) == ("surveys/2027.md", "a folder is not read")
