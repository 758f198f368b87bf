"""Writes newsletter/data/mjml.json and css-properties.txt anew from packages of npm.

npm install mjml@4 known-css-properties
python -m tests.render.lint.refresh_tables PATH_OF_NODE_MODULES
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import newsletter

DATA = Path(newsletter.__file__).parent / "data"
_SCRIPT = """
const load = (name) => require(process.argv[1] + "/" + name);
load("mjml");
const { components } = load("mjml-core");
const elements = {};
for (const [name, component] of Object.entries(components))
  elements[name] = {
    attributes: component.allowedAttributes || {},
    holds: component.endingTag ? "words" : "elements",
  };
const properties = load("known-css-properties");
console.log(JSON.stringify({
  version: load("mjml/package.json").version,
  elements,
  children: load("mjml-preset-core").dependencies,
  properties: properties.all,
  properties_version: load("known-css-properties/package.json").version,
}));
"""
# Elements without a component of their own, or with attributes that stand elsewhere in its source.
_ROOT = {"attributes": {"lang": "string", "dir": "string", "owa": "string"}, "holds": "elements"}
_NOTHING: dict[str, Any] = {"attributes": {}, "holds": "elements"}
_BY_NAME = ("mj-divider", "mj-image", "mj-spacer", "mj-carousel-image")  # these hold nothing
_LEFT_OUT = ("mj-html-attributes", "mj-selector", "mj-html-attribute")  # MRML has none of these


def main(arguments: list[str]) -> None:
    """Read the packages, write the files."""
    modules = Path(arguments[0]).resolve()
    command = ["node", "-e", _SCRIPT, str(modules)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    (DATA / "mjml.json").write_text(mjml_text(said), encoding="utf-8")
    (DATA / "css-properties.txt").write_text(properties_text(said), encoding="utf-8")


def mjml_text(said: dict[str, Any]) -> str:
    """Return the table of elements: one on each line, so that changes can be read."""
    elements = {"mjml": _ROOT, **said["elements"], "mj-all": _NOTHING, "mj-class": _NOTHING}
    lines = []
    for name, element in elements.items():
        if name in _LEFT_OUT:
            continue
        said_of = said["children"].get(name, [])  # any element is said by a pattern
        children = [c for c in said_of if isinstance(c, str) and c not in _LEFT_OUT]
        holds = "nothing" if name in _BY_NAME else element["holds"]
        row = {**element, "holds": holds, "children": children}
        lines.append(f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}")
    head = {
        "source": "https://github.com/mjmlio/mjml, MIT, components and mjml-preset-core",
        "version": said["version"],
    }
    return f'{json.dumps(head)[:-1]},"elements":{{\n' + ",\n".join(lines) + "\n}}\n"


def properties_text(said: dict[str, Any]) -> str:
    """Return the list of properties, without those that only one engine has."""
    names = sorted(name for name in said["properties"] if not name.startswith("-"))
    head = f"# npm known-css-properties {said['properties_version']}, MIT (Vyacheslav Shebanov)\n"
    return head + "\n".join(names) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
