"""Sources that ship by name: their addresses are data, fetched where settings name them only."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["feed", "finlex"]
_FILE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A source with a name."""

    name: str  # heading of its items
    url: str
    kind: Kind = "feed"
    language: str = ""  # of what it offers, where it may be asked for in several
    checked: str = ""  # ISO day on which it was last seen to work; empty: others use it


@cache
def presets() -> dict[str, Preset]:
    """Return all of them, by the word that settings use."""
    with _FILE.open("rb") as file:
        return {word: Preset(**table) for word, table in tomllib.load(file).items()}
