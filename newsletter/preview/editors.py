"""How a web page opens a file in the editor's own program, at a line."""

import shlex
from pathlib import Path, PurePath
from urllib.parse import quote

# Program -> the URL scheme that its desktop application registers. {file} is the path,
# percent-encoded except for its slashes, {line} the line.
_COLON = "{scheme}://file{{file}}:{{line}}:1"
_LINKS = {
    **{name: _COLON.format(scheme="vscode") for name in ("code", "vscode")},
    **{name: _COLON.format(scheme=name) for name in ("cursor", "windsurf", "zed")},
    "zeditor": _COLON.format(scheme="zed"),
    "code-insiders": _COLON.format(scheme="vscode-insiders"),
    "codium": _COLON.format(scheme="vscodium"),
    "vscodium": _COLON.format(scheme="vscodium"),
    **{
        name: f"{name}://open?file={{file}}&line={{line}}"
        for name in ("idea", "pycharm", "webstorm", "phpstorm")
    },
    "subl": "subl://open?url=file://{file}&line={line}",
    "mvim": "mvim://open?url=file://{file}&line={line}",
    "mate": "txmt://open?url=file://{file}&line={line}",
    "bbedit": "x-bbedit://open?url=file://{file}&line={line}",
    "nova": "nova://open?path={file}&line={line}",
}


def link_template(editor: str, root: Path) -> str:
    """Return the URL that opens a file of a newsletter, with {path} and {line} to fill in.

    `editor` is the value of VISUAL or EDITOR, such as "code --wait"; the URL is empty for a program
    without one, such as an editor in a terminal.
    """
    try:
        words = shlex.split(editor)
    except ValueError:
        return ""
    name = PurePath(words[0]).stem.lower() if words else ""
    template = _LINKS.get(name, "")
    folder = root.as_posix()
    rooted = folder if folder.startswith("/") else f"/{folder}"  # C:/… on Windows
    return template.replace("{file}", f"{quote(rooted)}/{{path}}")
