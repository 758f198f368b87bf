"""Notes in `newsletter.toml` what a command changes; nothing else in it changes."""

import re
from pathlib import Path

from newsletter.files import read_file, replace_file
from newsletter.settings.loading import FILE


def note_look(root: Path, look: str) -> None:
    """Write the name of a look into the settings of a newsletter."""
    file = root / FILE
    text = read_file(file).decode()
    line = f'look = "{look}"'
    text, replaced = re.subn(r"(?m)^look\s*=\s*[\"'][^\"'\n]*[\"']", line, text, count=1)
    if not replaced:
        text = re.sub(r"(?m)^(\[newsletter\][^\n]*\n)", rf"\1{line}\n", text, count=1)
    replace_file(file, text.encode())
