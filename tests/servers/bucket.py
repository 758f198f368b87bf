"""Play a store that speaks as Amazon S3 does, on loopback, and verify each signature by itself.

Only what putting a picture takes: PUT and HEAD of objects below one bucket, in paths. Signatures
are worked out anew from "Signature Version 4" of Amazon's documentation.
"""

import hashlib
import hmac
import re
from contextlib import ExitStack
from typing import Self
from urllib.parse import unquote, urlsplit

from .listening import Exchange, Listener

KEY, SECRET = "test-id", "test-secret"
_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


class Bucket:
    """A bucket; `objects` are its content, by path."""

    def __init__(self, name: str = "kirje") -> None:
        self.name = name
        self.objects: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self._stack = ExitStack()

        class Visit(Exchange):
            def exchange(visit) -> None:  # noqa: N805 - `self` is the bucket
                self._serve(visit)

        self._server = Listener(Visit)

    def __enter__(self) -> Self:
        self._stack.enter_context(self._server.running())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """Return where the store is."""
        return f"http://127.0.0.1:{self._server.port}"

    def _serve(self, visit: Exchange) -> None:
        length = int(visit.headers.get("Content-Length", 0))
        body = visit.rfile.read(length)
        self.asked.append(f"{visit.command} {visit.path}")
        status, data = self._answer(visit, body)
        visit.send_response(status)
        visit.send_header("Content-Length", str(len(data)))
        visit.send_header("ETag", '"x"')
        visit.send_header("Last-Modified", "Tue, 15 Dec 2026 08:00:00 GMT")
        visit.end_headers()
        if visit.command != "HEAD":
            visit.wfile.write(data)

    def _answer(self, visit: Exchange, body: bytes) -> tuple[int, bytes]:
        if not self._is_signed(visit, body):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        bucket, _, path = unquote(urlsplit(visit.path).path).lstrip("/").partition("/")
        if bucket != self.name:
            return 404, b"<Error><Code>NoSuchBucket</Code></Error>"
        if visit.command == "PUT":
            self.objects[path] = body
            self.headers[path] = {name.lower(): value for name, value in visit.headers.items()}
            return 200, b""
        if path not in self.objects:
            return 404, b""
        return 200, self.objects[path]

    def _is_signed(self, visit: Exchange, body: bytes) -> bool:
        told = _CREDENTIAL.fullmatch(visit.headers.get("Authorization", ""))
        if not told or told[1] != KEY:
            return False
        _, day, region, names, signature = told.groups()
        digest = visit.headers.get("x-amz-content-sha256", "")
        if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            return False
        parts = urlsplit(visit.path)
        lines = "".join(f"{n}:{visit.headers.get(n, '').strip()}\n" for n in names.split(";"))
        query = "&".join(sorted(filter(None, parts.query.split("&"))))
        asked = "\n".join([visit.command, parts.path, query, lines, names, digest])
        scope = f"{day}/{region}/s3/aws4_request"
        stamp = visit.headers.get("x-amz-date", "")
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, _sha(asked)])
        secret = f"AWS4{SECRET}".encode()
        for part in (day, region, "s3", "aws4_request"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        return hmac.compare_digest(hmac.digest(secret, text.encode(), "sha256").hex(), signature)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
