"""The editor prunes; what they pruned stays away, and what they wrote stays."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.collecting import Item, Material, Window
from newsletter.collecting.cache import Cache
from newsletter.collecting.network import Page

TODAY = dt.date(2026, 12, 10)
DECEMBER = Window.of_month("2026-12")


def item(title: str, *, source: str = "A", day: int | None = 1, link: str | None = None) -> Item:
    """Return a piece of news of December."""
    return Item(
        source=source,
        title=title,
        link=f"https://www.example.org/{title}" if link is None else link,
        date=dt.date(2026, 12, day) if day else None,
        summary="",
    )


def material_of(folder: Path, issue_id: str = "2026-12") -> Material:
    """Return the list of an issue."""
    return Material(
        path=folder / "material" / f"{issue_id}.md",
        issue_id=issue_id,
        language="fi",
        cache=Cache(folder / "cache"),
        write_date=lambda day: f"{day.day}.{day.month}.{day.year}",
    )


def collect(material: Material, *items: Item, window: Window = DECEMBER) -> list[str]:
    """Collect items as the command does; return the titles that were added."""
    _, new = material.choose(items, window)
    material.add(new, TODAY)
    return [one.title for one in new]


def test_a_list_has_a_section_for_each_source_with_the_newest_first(tmp_path: Path) -> None:
    material = material_of(tmp_path)

    collect(
        material,
        item("old", day=1),
        item("new", day=9),
        item("undated", day=None),
        item("*other*", source="B & [C]", link=""),
    )

    assert material.path.read_text(encoding="utf-8").partition("-->\n")[2] == (
        "\n## A\n\n"
        "- [new](https://www.example.org/new) – 9.12.2026\n"
        "- [old](https://www.example.org/old) – 1.12.2026\n"
        "- [undated](https://www.example.org/undated)\n"
        "\n## B & \\[C\\]\n\n"
        "- \\*other\\* – 1.12.2026\n"
    )


def test_collecting_again_adds_only_what_is_new_at_the_end(tmp_path: Path) -> None:
    material = material_of(tmp_path)
    collect(material, item("one"), item("two"))
    edited = "Omia sanoja.\n\n- [one](https://www.example.org/one)\n"  # without the pruned
    material.path.write_text(edited, encoding="utf-8")

    added = collect(material, item("two"), item("three"))

    assert added == ["three"]
    text = material.path.read_text(encoding="utf-8")
    assert text.startswith(edited)
    assert text.endswith(
        "\n# Lisätty 10.12.2026\n\n## A\n\n- [three](https://www.example.org/three) – 1.12.2026\n"
    )


def test_collecting_in_vain_changes_no_byte(tmp_path: Path) -> None:
    material = material_of(tmp_path)
    collect(material, item("one"))
    before = material.path.read_bytes()

    assert collect(material, item("one")) == []
    assert material.path.read_bytes() == before


def test_without_news_there_is_no_list(tmp_path: Path) -> None:
    material = material_of(tmp_path)

    assert collect(material) == []
    assert not material.path.exists()


def test_a_deleted_list_begins_anew(tmp_path: Path) -> None:
    material = material_of(tmp_path)
    collect(material, item("one"))
    material.path.unlink()

    assert collect(material, item("one"), item("two")) == ["one", "two"]


def test_the_same_news_from_two_feeds_come_once(tmp_path: Path) -> None:
    twice = [
        item("one", link="https://www.example.org/x"),
        item("one again", source="B", link="http://example.org/x/"),
    ]

    assert collect(material_of(tmp_path), *twice) == ["one"]


def test_news_without_a_date_are_offered_for_one_issue_only(tmp_path: Path) -> None:
    collect(material_of(tmp_path, "2026-11"), item("undated", day=None), item("dated"))

    added = collect(material_of(tmp_path), item("undated", day=None), item("dated"))

    assert added == ["dated"]


def test_days_outside_the_window_are_left_out(tmp_path: Path) -> None:
    window = Window(first=dt.date(2026, 12, 5))

    assert collect(material_of(tmp_path), item("a", day=4), item("b", day=5), window=window) == [
        "b"
    ]


# --- what is kept -------------------------------------------------------------------------


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    kept = Page(
        url="https://a", content_type="text/xml", etag='"1"', last_modified="", body=b"\xff\x00"
    )

    cache.keep("https://www.example.org/feed", kept)

    assert cache.find("https://www.example.org/feed") == kept
    assert cache.find("https://www.example.org/other") is None
    assert (tmp_path / "cache/.gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"body": 1}', '{"body": "ä"}', '{"x": "eA=="}'])
def test_a_damaged_cache_is_as_none(damage: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    kept = Page(url="", content_type="", etag="", last_modified="", body=b"")
    cache.keep("https://a", kept)
    for path in tmp_path.glob("*.json"):
        path.write_text(damage, encoding="utf-8")
    (tmp_path / "offered.json").write_text(damage, encoding="utf-8")

    assert cache.find("https://a") is None
    assert cache.offered() == {}
