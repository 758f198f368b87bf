"""The table of docs/providers.md is what the adapters declare."""

import re
from pathlib import Path

import pytest

from newsletter.providers import PROVIDERS, Provider

DOCS = Path(__file__).parents[2] / "docs"


def _rows() -> dict[str, list[str]]:
    text = (DOCS / "providers.md").read_text(encoding="utf-8")
    table = text.partition("## Settings of each")[0]
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in table.splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells if row and row[0].startswith("`")}


def _span(seconds: float) -> str:
    if not seconds:
        return "–"
    if seconds == float("inf"):
        return "always"
    return f"{seconds / 3600:.0f} h" if seconds >= 2 * 3600 else f"{seconds / 60:.0f} min"


def _filled_by(provider: type[Provider]) -> str:
    if "form" not in vars(provider):
        return "us, whole messages"
    return "the provider" if provider.capabilities.merge else "us"


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_table_says_what_the_adapter_declares(name: str) -> None:
    can = PROVIDERS[name].capabilities

    assert _rows()[name] == [
        str(can.batch_size),
        str(can.concurrency),
        _filled_by(PROVIDERS[name]),
        _span(can.idempotency_window),
        _span(can.look_up_settles) if can.look_up else "–",
        f"{can.schedule.days} days" if can.schedule else "–",
        "yes" if can.inline_pictures else "–",
        "by tag" if can.statistics else "–",
    ]


def test_every_provider_stands_in_the_table_of_settings() -> None:
    settings = (DOCS / "providers.md").read_text(encoding="utf-8").partition("## Settings")[2]

    told = set(re.findall(r"^\| `(\w+)` \|", settings, flags=re.M))

    assert told == set(PROVIDERS) - {"outbox"}
