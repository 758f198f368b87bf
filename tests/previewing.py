"""Starts the real `newsletter preview` for tests, and asks it as a browser would."""

import http.client
import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.conftest import Site
from tests.servers.forked import Forked
from tests.waiting import PATIENCE


@dataclass(frozen=True)
class Preview:
    """A preview that runs."""

    site: Site
    process: "Forked | subprocess.Popen[str]"
    url: str  # as the terminal shows it

    @property
    def origin(self) -> str:
        """Return the scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def port(self) -> int:
        """Return the port it listens at."""
        return urlsplit(self.url).port or 0

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: object = None,
        form: str | None = None,
    ) -> tuple[int, Mapping[str, str], str]:
        """Send one request as it is written; return status, headers in small letters, text."""
        host = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        data = json.dumps(body) if body is not None else form
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": host, **(headers or {})}
        if data is not None:
            sent["Content-Length"] = str(len(data))
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders(data.encode() if data is not None else None)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, told, text

    def events(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what a page is told, by name, for as long as somebody asks for more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        name = ""
        with closing(connection):
            for line in (raw.decode().rstrip("\n") for raw in answer):
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))

    def data(self, page: str = "/issues/2026-06") -> dict[str, Any]:
        """Return what a page was given."""
        html = self.ask(page)[2]
        found = re.search(r'id="page">(.*?)</script>', html, re.DOTALL)
        assert found
        given: dict[str, Any] = json.loads(found[1])
        return given


@contextmanager
def previewing(site: Site, *arguments: str, forked: bool = True) -> Iterator[Preview]:
    """Run a preview of a newsletter, at a port that is free unless one is named."""
    port = () if "--port" in arguments else ("--port", "0")
    words = ("preview", *port, "--no-open", *arguments)
    with (_forked if forked else _started)(site, words) as process:
        assert process.stderr
        first = process.stderr.readline()
        url = re.search(r"http://\S+", first)
        assert url, first + process.stderr.read()
        rest = Thread(target=process.stderr.read, daemon=True)
        rest.start()
        yield Preview(site, process, url[0])
        process.send_signal(signal.SIGINT)  # which does nothing where it has ended
        process.wait(PATIENCE)
        rest.join()


@contextmanager
def _forked(site: Site, words: Sequence[str]) -> Iterator[Forked]:
    process = Forked(("-C", str(site.root), *words), environment=site.full_environment)
    try:
        yield process
    finally:
        process.end()


@contextmanager
def _started(site: Site, words: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        site.command(*words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=site.full_environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
