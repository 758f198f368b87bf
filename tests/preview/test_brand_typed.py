"""The preview shows a brand as it is typed into newsletter.toml."""

from collections.abc import Iterator
from typing import Any

from tests.conftest import Site
from tests.previewing import previewing

EVENTS = "/issues/2026-06/events"


def test_a_brand_is_shown_as_it_is_typed_and_a_half_of_it_is_told_with_its_line(
    site: Site,
) -> None:
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    line = settings.count("\n") + 3

    with previewing(site) as preview:
        told = preview.events(EVENTS)
        before = _next(told, "mail")
        site.write("newsletter.toml", f'{settings}\n[brand]\ncolour = "#7a0f5"\n')
        fault = _next(told, "fault")
        site.write("newsletter.toml", f'{settings}\n[brand]\ncolour = "#7a0f5c"\n')
        after = _next(told, "mail")

    assert "#7a0f5c" not in str(before["html"])
    [finding] = fault["findings"]
    assert (finding["path"], finding["line"]) == ("newsletter.toml", line)
    assert "#7a0f5c" in str(after["html"])


def _next(told: Iterator[tuple[str, dict[str, Any]]], name: str) -> dict[str, Any]:
    """Wait for the next event of a name."""
    return next(data for event, data in told if event == name)
