"""Files of the newsletter's folder are read through `files` alone, which no pipe makes wait."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "newsletter"
_READ = {"read_text", "read_bytes", "open"}
# What reads files of its own making, of the package, of the system, or writes.
_MAY = {
    "files.py": "the guard itself",
    "providers/outbox.py": "a message it has just written",
    "delivery/claims.py": "the number of this boot",
    "checking/instruments/support.py": "a table of the package",
    "language/catalogs.py": "a catalog of the package",
    "audience/vocabulary.py": "a table of the package",
    "checking/instruments/vocabulary.py": "a table of the package",
    "language/codes.py": "a table of the package",
    "net/domain_slips.py": "a table of the package",
    "judging/rule_files.py": "a table of the package",
    "collecting/shipped.py": "a table of the package",
    "ledger/backups.py": "a regular file of any size, whose copy it makes",
    "ledger/dumps.py": "the beginning of a regular file of any size",
    "ledger/procrastinate.py": "a migration of a library",
    "render/block_patterns.py": "a pattern of the package",
    "language/phrases.py": "a table of the package",
    "language/country_regions.py": "a table of the package",
    "cli/new.py": "writes",
    "cli/outputs.py": "stdout",
    "cli/preview.py": "a browser",
    "cli/mail_sign_in.py": "a browser",
    "collecting/material.py": "writes",
    "cli/legible.py": "the device for nothing",
    "cli/main.py": "the device for nothing",
    "cli/signals.py": "the device for nothing",
    "audience/cell_comments.py": "a part of a packed file",
    "audience/workbooks.py": "a part of a packed file",
    "audience/encodings.py": "wraps a file that is open",
    "checking/looks/dark.py": "a picture in memory",
    "checking/words/pictures.py": "a picture in memory",
    "render/picture_files.py": "a picture in memory",
    "media/sftp_store.py": "a file of another machine, which it writes",
    "safekeeping/turns.py": "a lock, of which it reads nothing",
}
_FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def test_no_file_is_read_past_the_guard() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name in _FILES
        if name not in _MAY
        for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _reads(node.func)
    ]

    assert found == []


def _reads(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    is_hub = isinstance(called, ast.Attribute) and ast.unparse(called.value).endswith("hub")
    return isinstance(called, ast.Attribute) and called.attr in _READ and not is_hub
