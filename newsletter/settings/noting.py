"""Notes in `newsletter.toml` what a command changes; nothing else in it changes."""

import json
import re
from pathlib import Path

from newsletter.files import read_file, replace_file
from newsletter.settings.loading import FILE


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
