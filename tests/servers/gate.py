"""A gate with TLS before a service that speaks plain HTTP, as a web server stands before ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.waiting import PATIENCE

from .listening import Exchange, Listener

_OF_THE_LINE = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@contextmanager
def gate_before(port: int, certificate: Path) -> Iterator[Listener]:
    """Hand each request on to a port of this machine as it came, and its answer back."""

    class Passage(Exchange):
        def exchange(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            behind = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                behind.request(self.command, self.path, body or None, dict(self.headers.items()))
                answer = behind.getresponse()
                told = answer.read()
            finally:
                behind.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_THE_LINE:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

    listener = Listener(Passage, tls=(certificate, certificate))
    with listener.running():
        yield listener
