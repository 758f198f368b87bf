"""Invented versions of the package, each a folder of templates with which the program can run."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from newsletter.render.looks import digest_of, files_in
from tests.conftest import REPOSITORY, SECRETS
from tests.servers.forked import run_forked

Change = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The program with templates of its own."""

    folder: Path

    @property
    def templates(self) -> Path:
        """Return the folder of its templates."""
        return self.folder / "templates"

    def run(self, site: Path, *arguments: str, code: int | None = 0) -> CompletedProcess[str]:
        """Run a command of this version in a newsletter's folder."""
        clean = {k: v for k, v in os.environ.items() if k not in SECRETS}
        done = run_forked(
            ["-C", str(site), *arguments],
            answer="",
            environment={
                **clean,
                "VERSION": str(self.folder),
                "NO_COLOR": "1",
                "COLUMNS": "100",
            },
            module="tests.upgrades.program",
        )
        said = f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        assert code in (None, done.returncode), said
        return done


def make_version(folder: Path, changes: Mapping[str, Change], *, after: Version | None) -> Version:
    """Make a version in which templates are changed, after another one or today's.

    What a change returns for "" is a new file; one that it makes "" is taken out.
    """
    before = after.templates if after else REPOSITORY / "templates"
    made = Version(folder=folder)
    shutil.copytree(before, made.templates)
    for name, change in changes.items():
        path = made.templates / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = change(old)
        assert new != old, f"{name} is as it was"
        path.write_text(new, encoding="utf-8")
        if not new:
            path.unlink()
    with (made.templates / "shipped.txt").open("a", encoding="utf-8") as shipped:
        for name, path in files_in(before).items():
            shipped.write(f"{name} {digest_of(path.read_bytes())}\n")
    return made


def replacing(old: str, new: str) -> Change:
    """Return a change that replaces words, which must be there once."""

    def change(text: str) -> str:
        assert text.count(old) == 1, f"{old}: {text.count(old)} times"
        return text.replace(old, new)

    return change
