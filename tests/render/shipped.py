"""Note the templates of all versions, so that an untouched copy of an old one is known as such.

`python -m tests.render.shipped` reads them from the history of git and adds those that are missing.
"""

import subprocess

from newsletter.render.looks import LOOKS, PACKAGED, digest_of

FILE = PACKAGED / "shipped.txt"
_KINDS = (".mjml", ".css", ".jinja", ".md")


def noted() -> set[tuple[str, str]]:
    """Return name and digest of each template that is noted."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {(name, digest) for name, digest in map(str.split, lines)}


def note_all() -> None:
    """Add the templates of every commit."""
    listed = _git("log", "--format=", "--raw", "--no-abbrev", "--no-renames", "--", "templates")
    found = noted() if FILE.exists() else set()
    for line in dict.fromkeys(listed.decode().splitlines()):
        *_, blob, _, path = line.split()
        name = path.removeprefix("templates/")
        for look in LOOKS:
            name = name.removeprefix(f"looks/{look}/")
        if path.endswith(_KINDS) and set(blob) != {"0"}:
            found.add((name, digest_of(_git("cat-file", "blob", blob))))
    FILE.write_text("".join(f"{name} {digest}\n" for name, digest in sorted(found)), "utf-8")


def _git(*arguments: str) -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=PACKAGED.parent, check=True, capture_output=True
    ).stdout


if __name__ == "__main__":
    note_all()
