"""Names the oldest version of each library that pyproject.toml allows, as constraints of pip.

`make oldest` runs the quick tests with these: python -m tests.packaging.oldest
"""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?>=(?P<oldest>[\w.]+)(?:,<\d+)?(?:;.*)?")


def oldest_versions() -> dict[str, str]:
    """Return the lower bound of each library that the program may be installed with."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(r for extra in extras if extra != "test" for r in extras[extra]),
    ]
    return dict(_bound_of(requirement) for requirement in wanted)


def _bound_of(requirement: str) -> tuple[str, str]:
    bound = _BOUND.fullmatch(requirement)
    assert bound, f"pyproject.toml: write “{requirement}” as a name, >= and the oldest version"
    return bound["name"], bound["oldest"]


if __name__ == "__main__":
    print("\n".join(f"{name}=={oldest}" for name, oldest in oldest_versions().items()))
