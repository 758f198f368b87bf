"""The table of docs/providers.md is what the adapters declare."""

import re
from pathlib import Path

import pytest

from newsletter.model import Figures, ReturnKind
from newsletter.providers import PROVIDERS, Provider
from newsletter.providers.base import Carries

DOCS = Path(__file__).parents[2] / "docs"


def _rows(title: str = "# Providers") -> dict[str, list[str]]:
    text = (DOCS / "providers.md").read_text(encoding="utf-8")
    table = text.partition(f"{title}\n")[2].partition("\n## ")[0]
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


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_table_of_invitations_says_what_the_adapter_carries(name: str) -> None:
    can = PROVIDERS[name].capabilities
    words = {
        Carries.WHOLE: ["a part of the mail", "yes"],
        Carries.TYPED: ["a file with its type", "yes"],
        Carries.FILES: ["–", "by their names"],
    }

    assert _rows("## Invitations and files")[name] == [
        *words[can.carries],
        "one" if can.encloses_alone else "as always",
    ]


@pytest.mark.parametrize("name", [n for n, each in PROVIDERS.items() if each.tells])
def test_the_table_of_figures_says_what_the_adapter_tells(name: str) -> None:
    kind, opened, clicked = PROVIDERS[name], ReturnKind.OPENED, ReturnKind.CLICKED
    lists = kind.capabilities.lists

    def told(*figures: str, listed: bool = False) -> str:
        ways = {"sums": kind.tells >= set(figures) and figures, "list": listed}
        return ", ".join(way for way, is_so in ways.items() if is_so) or "–"

    assert _rows("## What each tells of an issue")[name] == [
        told("delivered"),
        told("bounced_hard", "bounced_soft"),
        told("opens_total", "opens_unique", listed=opened in lists),
        told("opens_machine", listed=opened in lists),
        told("clicks_total", listed=clicked in lists),
        told(listed=clicked in lists),
        told("unsubscribed"),
        told("complained"),
    ]


def test_only_who_reports_by_tag_tells_figures() -> None:
    told = {name for name, each in PROVIDERS.items() if each.tells}

    assert told == {name for name, each in PROVIDERS.items() if each.capabilities.statistics}
    assert set(_rows("## What each tells of an issue")) == told
    assert {field for each in PROVIDERS.values() for field in each.tells} <= set(
        Figures.__dataclass_fields__
    )


def test_every_provider_stands_in_the_table_of_settings() -> None:
    settings = (DOCS / "providers.md").read_text(encoding="utf-8").partition("## Settings")[2]

    told = set(re.findall(r"^\| `(\w+)` \|", settings, flags=re.M))

    assert told == set(PROVIDERS) - {"outbox"}
