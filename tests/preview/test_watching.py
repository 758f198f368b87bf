"""Changes are told wherever they happen, in folders that come later too."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from os.path import relpath
from pathlib import Path
from threading import Event

from newsletter.preview.watching import start_watching
from tests.waiting import PATIENCE


@contextmanager
def _watching(root: Path, *houses: Path, pictures: Iterable[Path] = ()) -> Iterator[list[str]]:
    told: list[str] = []
    stop = Event()

    def note(paths: Iterable[Path]) -> None:
        told.extend(relpath(path, root) for path in paths)

    start_watching(root, note, stop, houses=lambda: houses, pictures=lambda: pictures)
    try:
        yield told
    finally:
        stop.set()


def _told_of(told: list[str], name: str, change: Callable[[], object]) -> bool:
    """Make a change, again where nobody watched yet, until it is told."""
    for _ in range(int(PATIENCE)):
        change()
        end = time.monotonic() + 1
        while time.monotonic() < end:
            if name in told:
                return True
            time.sleep(0.01)
    return False


def test_a_folder_that_comes_later_and_comes_anew_is_followed(tmp_path: Path) -> None:
    """Templates may be copied, or their branch checked out, while the preview runs."""
    folder = tmp_path / "templates"
    (tmp_path / "issues").mkdir()
    with _watching(tmp_path) as told:
        for turn in ("first", "second"):
            (folder / "blocks").mkdir(parents=True)
            assert _told_of(told, "templates", lambda: None)
            deep = f"templates/blocks/{turn}.mjml"
            assert _told_of(told, deep, (tmp_path / deep).touch)
            shutil.rmtree(folder)
            told.clear()


def test_settings_issues_and_meetings_are_told_and_the_ledger_is_not(tmp_path: Path) -> None:
    for folder in ("issues", "meetings", "subscribers"):
        (tmp_path / folder).mkdir()
    with _watching(tmp_path) as told:
        (tmp_path / "subscribers/newsletter.db").touch()
        (tmp_path / "issues/.2026-12.md.swp").touch()
        for name in ("newsletter.toml", "issues/2026-12.md", "meetings/paiva.md"):
            assert _told_of(told, name, (tmp_path / name).touch)

    assert set(told) <= {"newsletter.toml", "issues/2026-12.md", "meetings/paiva.md"}


def test_a_house_look_is_followed_and_what_lies_beside_its_templates_is_not(tmp_path: Path) -> None:
    house, root = tmp_path / "house", tmp_path / "kirje"
    house.mkdir()
    root.mkdir()
    with _watching(root, house) as told:
        assert _told_of(told, "../house/style.jinja", (house / "style.jinja").touch)
        (house / "newsletter.db").touch()
        assert _told_of(told, "../house/look.toml", (house / "look.toml").touch)

    assert "../house/newsletter.db" not in told


def test_a_picture_that_a_template_names_is_told_when_it_changes_or_comes(tmp_path: Path) -> None:
    """It may lie in any folder, beside thousands of files that nobody asks about."""
    (tmp_path / "issues").mkdir()
    (tmp_path / "brand").mkdir()
    files = [tmp_path / "brand" / "logo.png", tmp_path / "later" / "icon.png"]
    files[0].write_bytes(b"1")
    with _watching(tmp_path, pictures=files) as told:
        assert _told_of(told, "brand/logo.png", lambda: _lengthen(files[0]))
        files[1].parent.mkdir()
        assert _told_of(told, "later/icon.png", lambda: _lengthen(files[1]))


def _lengthen(path: Path) -> None:
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"1")
