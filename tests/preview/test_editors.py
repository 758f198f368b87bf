"""A place opens in the editor's own program, where that has an address for it."""

from pathlib import Path

import pytest

from newsletter.preview.editors import link_template


@pytest.mark.parametrize(
    ("editor", "template"),
    [
        ("code --wait", "vscode://file/home/a%20b/{path}:{line}:1"),
        ("/usr/local/bin/cursor", "cursor://file/home/a%20b/{path}:{line}:1"),
        (
            '"/Applications/My Apps/subl" -w',
            "subl://open?url=file:///home/a%20b/{path}&line={line}",
        ),
        ("idea", "idea://open?file=/home/a%20b/{path}&line={line}"),
        ("Code.exe", "vscode://file/home/a%20b/{path}:{line}:1"),
        ("vim", ""),  # lives in a terminal
        ("", ""),
        ('"unclosed', ""),
    ],
)
def test_a_program_is_known_by_its_name(editor: str, template: str) -> None:
    assert link_template(editor, Path("/home/a b")) == template
