"""The houses: which there are, and their newsletters built in a folder that may be written to."""

import re
import shutil
from pathlib import Path

from tests.conftest import Site

ISSUE_ID = "2026-12"
BY_BRAND_ALONE = {"ministry": "letter", "youth": "default", "magazine": "magazine"}
BY_TEMPLATES = ("theatre", "lakes-north", "lakes-south")
NEWSLETTERS = (*BY_BRAND_ALONE, *BY_TEMPLATES)
# What they make, by newsletter and, where it is not its own, language.
PAGES = (
    *NEWSLETTERS,
    *(f"{name}.sv" for name in ("ministry", "youth", "magazine", "theatre")),
)

_HERE = Path(__file__).parent
_DRAWN_FROM = ("*.py", "*.svg", "__pycache__")


def copy_houses(root: Path) -> Path:
    """Copy all houses below a folder, side by side as they share a look."""
    return Path(
        shutil.copytree(_HERE, root / "houses", ignore=shutil.ignore_patterns(*_DRAWN_FROM))
    )


def build_all(root: Path) -> dict[str, Path]:
    """Build every newsletter; return its pages by name and, where it has two, language."""
    houses = copy_houses(root)
    pages: dict[str, Path] = {}
    for name in NEWSLETTERS:
        out = root / "built" / name
        Site(houses / name).run("build", ISSUE_ID, "--out", str(out))
        pages |= {
            f"{name}{page.stem[len(ISSUE_ID) :]}": page for page in sorted(out.glob("*.html"))
        }
    return pages


def without_brand(settings: str) -> str:
    """Return settings whose last tables, those of the brand, are taken out."""
    return re.sub(r"(?ms)^\[brand\]$.*\Z", "", settings)
