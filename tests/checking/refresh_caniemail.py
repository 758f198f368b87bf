"""Writes newsletter/data/caniemail.json anew from a checkout of caniemail.

python -m tests.checking.refresh_caniemail PATH_OF_CHECKOUT [DATE_OF_ITS_COMMIT]
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import newsletter

DATA = Path(newsletter.__file__).parent / "data" / "caniemail.json"
_LETTER = re.compile(r"([yna])(?: #\w+)*\s*")
_MONTH = re.compile(r"20\d\d-\d\d")

Cell = tuple[str, str]  # letter and version, as in ("a", "2021-08")
Features = Mapping[str, tuple[str, Mapping[str, Mapping[str, Cell]]]]  # slug -> tested, support


def main(arguments: list[str]) -> None:
    """Read the checkout, write the file."""
    checkout = Path(arguments[0])
    date = arguments[1] if len(arguments) > 1 else _date_of_commit(checkout)
    DATA.write_text(facts_text(read_checkout(checkout), date), encoding="utf-8")
    print(f"{DATA}: {date}")


def read_checkout(checkout: Path) -> Features:
    """Return the newest tested letter of each feature in each program."""
    features = {}
    for path in sorted((checkout / "_features").glob("*.md")):
        if not path.name.startswith("_"):
            front = _front_matter(path)
            stats = front.get("stats") or {}
            support = {
                family: {name: cell for name, cells in platforms.items() if (cell := newest(cells))}
                for family, platforms in stats.items()
            }
            features[path.stem] = str(front["last_test_date"]), support
    return features


def facts_text(features: Features, date: str) -> str:
    """Return the data file: a feature on each line, so that changes can be read."""
    lines = [
        f"{json.dumps(slug)}:{json.dumps(_row(tested, support), separators=(',', ':'))}"
        for slug, (tested, support) in features.items()
    ]
    head = {
        "source": "https://github.com/hteumeuleu/caniemail, MIT, see caniemail-LICENSE.txt",
        "commit_date": date,
    }
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    return f'{opening},"features":{{\n' + ",\n".join(lines) + "\n}}\n"


def newest(cells: Mapping[Any, Any]) -> Cell | None:
    """Return the newest letter that is not "unknown", with its version.

    Versions are months, years or builds. Only where all are months can they be compared;
    otherwise the last one of the file is the newest.
    """
    known = [
        (str(version), match[1])
        for version, value in cells.items()
        if (match := _LETTER.fullmatch(str(value)))
    ]
    if not known:
        return None
    if all(_MONTH.fullmatch(version) for version, _ in known):
        version, letter = max(known, key=lambda pair: pair[0])
    else:
        version, letter = known[-1]
    return letter, version


def _row(tested: str, support: Mapping[str, Mapping[str, Cell]]) -> dict[str, Any]:
    named = {
        family: {name: " ".join(cell) for name, cell in platforms.items()}
        for family, platforms in support.items()
        if platforms
    }
    return {"tested": tested, "support": named}


def _front_matter(path: Path) -> dict[str, Any]:
    # Split on whole lines: an address within holds "---". Tabs are no YAML.
    lines = path.read_text(encoding="utf-8").splitlines()
    end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
    front: dict[str, Any] = yaml.safe_load("\n".join(lines[1:end]).replace("\t", "    "))
    return front


def _date_of_commit(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "log", "-1", "--format=%cs"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
