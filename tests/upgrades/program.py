"""Runs the program with the templates of another version, in a process forked from a warm one."""

import os
import runpy
import sys
from pathlib import Path

from newsletter.render.looks import PACKAGED


def change_version(templates: Path) -> None:
    """Take the package's templates from another folder, and forget what was read of today's."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "newsletter":
            for value in list(vars(module).values()):
                if callable(forget := getattr(value, "cache_clear", None)):
                    forget()
            if getattr(module, "PACKAGED", None) == PACKAGED:
                module.PACKAGED = templates  # type: ignore[attr-defined]


if __name__ == "__main__":
    change_version(Path(os.environ["VERSION"]) / "templates")
    runpy.run_module("newsletter", run_name="__main__", alter_sys=True)
