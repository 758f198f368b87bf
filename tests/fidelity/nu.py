"""Asks the Nu HTML checker, the one of the W3C, about pages."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.fidelity.pages import PEERS

JAR = PEERS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def ask_nu(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Return all that it says of files."""
    done = subprocess.run(
        ["java", "-jar", str(JAR), "--format", "json", "--exit-zero-always", *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return messages
