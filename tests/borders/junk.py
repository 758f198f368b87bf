"""A server on loopback that answers anything with bytes as they are, and what it may answer."""

import gzip
import socket
import threading
from collections.abc import Mapping
from types import TracebackType

from tests.borders.corpus import CONTENTS

_OK = b"HTTP/1.1 200 OK\r\n"
_BOMB = gzip.compress(b"\0" * 3_000_000, 1) * 30  # 90 MB, as one file of thirty


def _answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    head = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*head, b"Connection: close", b"", body])


_HEADS: Mapping[str, bytes] = {
    "nothing at all": b"",
    "half a status line": b"HTTP/1",
    "no HTTP": b"220 mail.example.org ESMTP\r\n",
    "TLS": b"\x15\x03\x01\x00\x02\x02\x28",
    "a status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status of four figures": b"HTTP/1.1 9999 OK\r\n\r\n",
    "a status below all": b"HTTP/1.1 000 OK\r\n\r\n",
    "a negative status": b"HTTP/1.1 -1 OK\r\n\r\n",
    "no end of the headers": _OK + b"A: b\r\n",
    "a header without a colon": _OK + b"nonsense\r\n\r\n{}",
    "NULs in a header": _OK + b"A: \0\0\r\n\r\n{}",
    "bytes of no alphabet in a header": _OK + b"A: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}",
    "a long header": _OK + b"A: " + b"x" * 200_000 + b"\r\n\r\n{}",
    "many headers": _OK + b"".join(b"A%d: b\r\n" % n for n in range(3000)) + b"\r\n{}",
    "a negative length": _OK + b"Content-Length: -5\r\n\r\n{}",
    "a length of letters": _OK + b"Content-Length: x\r\n\r\n{}",
    "a huge length": _OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n{}",
    "a body that is cut": _OK + b'Content-Length: 500\r\n\r\n{"a":',
    "chunks of letters": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "chunks that do not end": _OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
    "a huge chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n{}",
    "gzip that is none": _answer(b"{}", b"Content-Encoding: gzip"),
    "gzip that is cut": _answer(gzip.compress(b"{}" * 500)[:20], b"Content-Encoding: gzip"),
    "a gzip bomb": _answer(_BOMB, b"Content-Encoding: gzip"),
    "deflate that is none": _answer(b"{}", b"Content-Encoding: deflate"),
    "an encoding of nobody": _answer(b"{}", b"Content-Encoding: klingon"),
    "a charset of nobody": _answer(b"<rss/>", b"Content-Type: text/xml; charset=klingon"),
    "a charset of bytes": _answer(b"<rss/>", b"Content-Type: text/xml; charset=\xff"),
    "a place that is broken": _answer(b"", b"Location: http://[bad", status=b"302 Found"),
    "a place of no host": _answer(b"", b"Location: //", status=b"301 Moved"),
    "a place of bytes": _answer(b"", b"Location: http://\xff\xfe/", status=b"302 Found"),
    "a place of a bad port": _answer(b"", b"Location: http://a:99999999/", status=b"302 Found"),
    "a place of letters as port": _answer(b"", b"Location: http://a:b/", status=b"302 Found"),
    "a place of a file": _answer(b"", b"Location: file:///etc/passwd", status=b"302 Found"),
    "a long place": _answer(b"", b"Location: /" + b"x" * 60_000, status=b"302 Found"),
    "a label too long": _answer(
        b"", b"Location: http://" + b"x" * 70 + b".example/", status=b"302 Found"
    ),
    "no place": _answer(b"", status=b"302 Found"),
    "its own place": _answer(b"", b"Location: ?", status=b"307 Temporary"),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "only go on": b"HTTP/1.1 100 Continue\r\n\r\n",
    "teapot": _answer(b"{}", status=b"418 I'm a teapot"),
    "too many, for ever": _answer(b"{}", b"Retry-After: " + b"9" * 30, status=b"429 Too Many"),
    "too many, on no day": _answer(b"{}", b"Retry-After: Mon, 99 Foo", status=b"429 Too Many"),
    "too many, at the last": _answer(
        b"{}", b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", status=b"429 Too Many"
    ),
    "an entity tag of bytes": _answer(b"<rss/>", b"ETag: \xff\xfe", b"Last-Modified: \x01"),
}
_JSON = (
    b"null", b"true", b"0", b"-1", b"1e999", b'""', b"[]", b"{}", b"[null]", b"[[]]", b'[{"a":1}]',
    b'{"messageId":null}', b'{"messageIds":[]}', b'{"messageIds":{"a":1}}', b'{"message":5}',
    b'{"id":[]}', b'{"data":null}', b'{"data":[null,1]}', b'{"Messages":{}}', b'{"Messages":[1]}',
    b'{"code":[],"message":{}}', b'{"errors":"x"}', b'{"errors":[null]}', b'{"ErrorCode":"x"}',
    b'{"events":null}', b'{"events":[1,null,{}]}', b'{"items":[{}]}', b'{"items":null}',
    b'{"stats":[]}', b'{"stats":null}', b'[{"stats":[null]}]', b'{"Data":[{}]}', b'{"Data":5}',
    b'{"Total":"x"}', b'{"delivered":"many"}', b'{"delivered":-1e400}', b'{"paging":{"next":5}}',
    b'{"paging":{"next":"http://[bad"},"items":[]}', b'{"BulkEmailEntryResults":[null]}',
    b'{"BulkEmailEntryResults":5}', b'{"a":"\\ud800"}', b'{"message":"\\ud800"}', b"{'a':1}",
)  # fmt: skip
ANSWERS: Mapping[str, bytes] = {
    **_HEADS,
    **{f"a body of {what}": _answer(data) for what, data in CONTENTS.items()},
    **{
        f"JSON {data.decode()}, {status.decode()}": _answer(
            data, b"Content-Type: application/json", status=status
        )
        for data in _JSON
        for status in (b"200 OK", b"400 Bad Request")
    },
}
_XML = b"Content-Type: application/rss+xml"
FEEDS: Mapping[str, bytes] = {
    **_HEADS,
    **{f"a feed of {what}": _answer(data, _XML) for what, data in CONTENTS.items()},
}


class JunkServer:
    """Answers each connection with the bytes of the path that is asked for; then hangs up."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.answers = list(answers.values())
        self.always: bytes | None = None
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "JunkServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def url(self, path: str = "") -> str:
        """Return an address here."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                asked = connection.recv(65536)
                path = asked.split(b" ", 2)[1].strip(b"/").split(b"?")[0]
                number = int(path) if path.isdigit() and int(path) < len(self.answers) else 0
                connection.sendall(self.answers[number] if self.always is None else self.always)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):  # a reset would take the answer back
                    pass
            except (OSError, IndexError):
                return
