"""The local outbox: every message becomes an .eml file, and a page lists them. It sends nothing."""

import email
import email.policy
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Message, Outcome, State
from newsletter.providers.base import Capabilities, Options, Provider

_VIEWS = 25  # messages that the page shows in the browser; the others open as mail
_LISTED = 1000  # messages that the page lists


class Outbox(Provider):
    """Writes mail to a folder, one sub-folder an issue; writing the same file twice is harmless."""

    name = "outbox"
    capabilities = Capabilities(
        batch_size=100,
        idempotency_window=float("inf"),  # a repeat writes the same file again
        inline_pictures=True,
    )

    def __init__(self, options: Options) -> None:
        self._root = options.folder
        self._touched: set[Path] = set()

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Write the messages of a batch."""
        folder = self._root / call.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for message in call.messages:
                _write(folder / _filename(message), message.mime)
        except OSError as err:
            raise ProviderError(
                f"outbox cannot write to {folder}: {err.strerror}; make the folder writable, "
                "then run the same command again",
                provider=self.name,
                verdict=Verdict.STOP,
            ) from err
        self._touched.add(folder)
        return tuple(
            Outcome(delivery=m.delivery, state=State.ACCEPTED, message_id=_filename(m))
            for m in call.messages
        )

    def destination(self) -> str:
        """Return the folder."""
        return f"outbox, files in {self._root}"

    def close(self) -> None:
        """Write the pages that list what was written."""
        for folder in self._touched:
            _write(folder / "index.html", _index(folder).encode())


def _filename(message: Message) -> str:
    return quote(message.address.lower(), safe="@.+-_") + ".eml"


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there, whenever the process is killed."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(part, path)  # noqa: PTH105 - Path.replace is slower by a stat


def _index(folder: Path) -> str:
    files = sorted(folder.glob("*.eml"))
    rows = "\n".join(_row(path, number) for number, path in enumerate(files[:_LISTED]))
    more = f"<p>… and {len(files) - _LISTED} more files.</p>" if len(files) > _LISTED else ""
    return _PAGE.format(title=escape(folder.name), count=len(files), rows=rows, more=more)


def _row(path: Path, number: int) -> str:
    if number >= _VIEWS:
        return f'<li><a href="{quote(path.name, safe="@+")}">{escape(path.stem)}</a></li>'
    view = path.with_suffix(".html")
    _write(view, _as_page(path.read_bytes()).encode())
    shown = f'<a href="{quote(view.name, safe="@+")}" target="mail">{escape(path.stem)}</a>'
    return f'<li>{shown} <small><a href="{quote(path.name, safe="@+")}">.eml</a></small></li>'


def _as_page(data: bytes) -> str:
    """Return a message's HTML with its pictures, for a browser."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("html",))
    html = body.get_content() if body else ""
    for content_id, source in _pictures(message):
        html = html.replace(f"cid:{content_id}", source)
    subject = escape(str(message["subject"]))
    return re.sub(r"<title>[^<]*</title>", lambda _: f"<title>{subject}</title>", html, count=1)


def _pictures(message: email.message.EmailMessage) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        if part["content-id"]:
            data = b64encode(part.get_content()).decode()
            yield part["content-id"].strip("<> "), f"data:{part.get_content_type()};base64,{data}"


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Outbox {title}</title>
<style>
  body {{ margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; height: 100vh;
         grid-template-columns: minmax(18rem, 1fr) 3fr }}
  nav {{ overflow: auto; padding: 1rem; box-sizing: border-box }}
  h1 {{ font-size: 1.2rem; margin: 0 0 .5rem }}
  ol {{ padding-left: 2.5rem }}
  iframe {{ border: 0; border-left: 1px solid #8886; width: 100%; height: 100% }}
  @media (max-width: 50rem) {{ body {{ grid-template: auto 70vh / 1fr; height: auto }} }}
</style>
<nav>
  <h1>Outbox {title}: {count} messages</h1>
  <p>These are files; nothing was sent. The first ones show here, each opens in a mail program.</p>
  <ol>
{rows}
  </ol>
  {more}
</nav>
<iframe name="mail" title="The message"></iframe>
</html>
"""
