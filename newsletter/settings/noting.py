"""Notes in `newsletter.toml` what a command changes; nothing else in it changes."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from newsletter.files import read_file, replace_file, write_private
from newsletter.settings.lines import with_secret
from newsletter.settings.loading import FILE

_ENV = ".env"


def note_look(root: Path, look: str) -> None:
    """Write the name of a look into the settings of a newsletter."""
    file = root / FILE
    text = read_file(file).decode()
    line = f"look = {json.dumps(look, ensure_ascii=False)}"
    pattern = r"(?m)^look\s*=\s*(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
    text, replaced = re.subn(pattern, lambda _: line, text, count=1)
    if not replaced:
        header = r"(?m)^\[newsletter\][^\n]*\n"
        text = re.sub(header, lambda found: f"{found[0]}{line}\n", text, count=1)
    replace_file(file, text.encode())


def note_settings(root: Path, text: str) -> None:
    """Write the text of the settings of a newsletter, whole or not at all."""
    replace_file(root / FILE, text.encode())


def note_secrets(root: Path, secrets: Mapping[str, str]) -> None:
    """Write secrets into `.env`, which is its owner's alone from then on."""
    file = Path(os.path.realpath(root / _ENV))
    text = read_file(file).decode("utf-8-sig") if file.exists() else ""
    for name, value in secrets.items():
        text = with_secret(text, name, value)
    write_private(file, text.encode())
