"""Play an editor's work in a terminal, and write it down screen by screen for docs/fi and docs/sv.

`python -m tests.stories.month` writes the pages anew. A terminal of 80 columns is drawn by pyte
from what the program writes to it, so a page shows what an editor sees: questions with their
answers, and lines that were drawn over only as they were left.
"""

import os
import pty
import re
import selectors
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyte
import requests

from tests.checking.online.test_dns import spki
from tests.servers.brevo import BrevoServer
from tests.servers.dns import NameServer
from tests.servers.dns import text as dns_text
from tests.servers.house import specification
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
PAGES = {"fi": ROOT / "docs/fi/kuukausi.md", "sv": ROOT / "docs/sv/manaden.md"}
BEGINNINGS = {"alkuun": ROOT / "docs/fi/alkuun.md", "borja": ROOT / "docs/sv/borja.md"}
# What the DNS says of the domain of a beginning, as its provider asked for it.
_ZONE = {
    "saatio.example.org": {
        "TXT": ['"v=spf1 include:spf.brevo.example ~all"'],
        "MX": ["10 mx.saatio.example.org."],
    },
    "spf.brevo.example": {"TXT": ['"v=spf1 ip4:192.0.2.0/24 ~all"']},
    "mx.saatio.example.org": {"A": ["192.0.2.25"]},
    "brevo1._domainkey.saatio.example.org": {"TXT": [dns_text(f"v=DKIM1; p={spki(2048)}")]},
    "_dmarc.saatio.example.org": {"TXT": ['"v=DMARC1; p=quarantine"']},
}
COLUMNS = 80
_LINES = 400  # of the drawn terminal: more than any command writes
_SCRIPTS = Path(__file__).parent / "months"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a terminal shows when a command has ended."""

    typed: str
    shown: str
    code: int
    answers: Sequence[str] = ()


@dataclass(slots=True)
class Terminal:
    """A terminal in a folder, in which an editor types commands and answers."""

    folder: Path
    environment: Mapping[str, str]

    def run(
        self,
        typed: str,
        answers: Sequence[str],
        stop: Callable[[str], bool] | None = None,
    ) -> Screen:
        """Type a command, and what answers its questions; press Ctrl-C when `stop` says so."""
        ours, its = pty.openpty()
        os.set_blocking(ours, False)
        process = subprocess.Popen(
            ["setsid", "--ctty", sys.executable, "-m", *typed.split()],
            cwd=self.folder,
            stdin=its,
            stdout=its,
            stderr=its,
            env={**self.environment, "COLUMNS": str(COLUMNS), "LINES": "24", "TERM": "xterm"},
        )
        os.close(its)
        drawn = pyte.Screen(COLUMNS, _LINES)
        stream = pyte.ByteStream(drawn)
        try:
            for part in _parts(process, ours, answers, stop):
                stream.feed(part)
            code = process.wait(PATIENCE)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(PATIENCE)
            os.close(ours)
        lines = [line.rstrip() for line in drawn.display]
        return Screen(typed, "\n".join(lines).strip("\n"), code, answers)


def _parts(
    process: "subprocess.Popen[bytes]",
    terminal: int,
    answers: Sequence[str],
    stop: Callable[[str], bool] | None,
) -> Iterator[bytes]:
    """Yield what a command writes, until it ends; type what it asks for."""
    waiting, said, ends = list(answers), "", time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(terminal, selectors.EVENT_READ)
        while time.monotonic() < ends:
            if selector.select(0.1):
                try:
                    part = os.read(terminal, 65536)
                except OSError:  # all its ends are closed
                    return
                yield part
                said += part.decode("utf-8", "replace")
            elif process.poll() is not None:
                return
            if waiting and re.search(r"[^\n]+: $", said):
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
                said = ""
            if stop and stop(said):
                os.write(terminal, b"\x03")
                stop = None
    raise TimeoutError(f"{process.args!r} did not end; it said {said[-500:]}")


def play(name: str, folder: Path) -> Iterator[str | Screen]:
    """Yield the scenes of a script: what is told between the screens, and the screens."""
    script = tomllib.loads((_SCRIPTS / f"{name}.toml").read_text(encoding="utf-8"))
    server = BrevoServer(
        name="brevo", journal_file=folder / "journal.jsonl", spec=specification("brevo"), delay=0.3
    )
    server.start()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLETTER_", "LC_"))}
    own = {"LANG": script["locale"], "NO_COLOR": "1"}
    if script.get("has_key", True):
        own["NEWSLETTER_API_KEY"] = server.api_key
    terminal = Terminal(folder, kept | own)
    try:
        with NameServer(_ZONE) as names:
            places = {"SERVER": server.url, "NAMES": names.setting}
            for scene in script["scene"]:
                yield scene["told"].strip()
                terminal.folder = folder / scene.get("folder", "kirje")
                _prepare(terminal.folder, scene, places)
                if "command" in scene:
                    yield terminal.run(
                        scene["command"], scene.get("answers", ()), _end(scene, server)
                    )
                _prepare(terminal.folder, scene.get("afterwards", {}), places)
    finally:
        server.stop()


def _prepare(folder: Path, scene: Mapping[str, Any], places: Mapping[str, str]) -> None:
    """Write what the editor wrote in an editor before the command was typed."""
    for name, text in scene.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        more = "".join(scene["many"].format(n=n) for n in range(1, 61)) if "many" in scene else ""
        path.write_text(text + more, encoding="utf-8")
    for name, replaced in scene.get("edits", {}).items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in replaced.items():
            put = re.sub("SERVER|NAMES", lambda found: places[found[0]], new)
            text = re.sub(old, put, text, count=1, flags=re.M)
        path.write_text(text, encoding="utf-8")


def _end(scene: Mapping[str, Any], server: BrevoServer) -> Callable[[str], bool] | None:
    """Return what tells when the editor presses Ctrl-C."""
    if "stop_after" in scene:
        return lambda _: len(server.messages()) >= scene["stop_after"]
    if "serves" in scene:
        return lambda _: _is_served(scene["serves"])
    return None


def _is_served(url: str) -> bool:
    """Return whether a page is there: then the server heeds Ctrl-C, too."""
    try:
        return requests.get(url, timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False


def page_of(name: str, folder: Path) -> str:
    """Return the page of a script."""
    return written(play(name, folder), folder)


def written(played: Iterable[str | Screen], folder: Path) -> str:
    """Return the page of what was played."""
    parts = [p if isinstance(p, str) else _as_code(p) for p in played]
    text = "\n\n".join(parts) + "\n"
    text = re.sub(r"http://127\.0\.0\.1:\d+/v3", "https://api.brevo.com/v3", text)
    return text.replace(str(folder.resolve()), "~").replace("^C", "")


def _as_code(screen: Screen) -> str:
    return f"```text\n$ {screen.typed}\n{screen.shown}\n```".replace("\n\n```", "\n```")


if __name__ == "__main__":
    for spoken, page in {**PAGES, **BEGINNINGS}.items():
        if sys.argv[1:] and spoken not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as made:
            page.parent.mkdir(exist_ok=True)
            page.write_text(page_of(spoken, Path(made)), encoding="utf-8")
