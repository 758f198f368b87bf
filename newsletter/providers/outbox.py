"""The local outbox: every message becomes an .eml file, and a page lists them. It sends nothing."""

import email
import email.policy
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from pathlib import Path
from urllib.parse import quote

from newsletter.errors import ProviderError, Verdict
from newsletter.files import private_folder, write_private
from newsletter.model import Call, Message, Outcome, State
from newsletter.providers.base import Capabilities, Options, Provider

_VIEWS = 25  # messages that the page shows in the browser; the others open as mail
_LONGEST_NAME = 200  # characters of an address in a file name
_LISTED = 1000  # messages that the page lists


class Outbox(Provider):
    """Writes mail to a folder, a subfolder per issue; writing the same file twice is harmless."""

    name = "outbox"
    capabilities = Capabilities(
        batch_size=100,
        idempotency_window=float("inf"),  # a repeat writes the same file again
        inline_pictures=True,
        tracking_switch=True,  # it tracks nothing at all
        mails=False,
    )

    def __init__(self, options: Options) -> None:
        self._root = options.folder
        self._touched: set[Path] = set()

    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Write the messages of a batch."""
        folder = self._root / call.folder
        try:
            private_folder(folder)
            for message in call.messages:
                write_private(folder / _filename(message), message.mime)
        except OSError as err:
            raise self._refused(folder, err) from err
        self._touched.add(folder)
        return tuple(
            Outcome(delivery=m.delivery, state=State.ACCEPTED, message_id=_filename(m))
            for m in call.messages
        )

    def clear(self, folder: str) -> None:
        """Delete the messages in a folder and the pages made from them, and nothing else in it."""
        place = self._root / folder
        messages = list(place.glob("*.eml"))
        pages = [path.with_suffix(".html") for path in messages]
        try:
            for path in (*messages, *pages, place / "index.html"):
                path.unlink(missing_ok=True)
        except OSError as err:
            raise self._refused(place, err) from err

    def close(self) -> None:
        """Write the pages that list what was written."""
        for folder in self._touched:
            with suppress(OSError):  # a convenience: the messages themselves are all there
                write_private(folder / "index.html", _index(folder).encode())

    def _refused(self, folder: Path, err: OSError) -> ProviderError:
        return ProviderError(
            f"outbox cannot write to {folder}: {err.strerror}; make the folder writable, "
            "then run the same command again",
            provider=self.name,
            verdict=Verdict.STOP,
        )


def _filename(message: Message) -> str:
    name = quote(message.address, safe="@.+-_")
    if len(name) > _LONGEST_NAME:  # file systems allow 255 bytes
        name = f"{name[:_LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return f"{name}.eml"


def _index(folder: Path) -> str:
    files = sorted(folder.glob("*.eml"))
    rows = "\n".join(_row(path, number) for number, path in enumerate(files[:_LISTED]))
    more = f"<p>… and {len(files) - _LISTED} more files.</p>" if len(files) > _LISTED else ""
    return _PAGE.format(
        title=escape(folder.name),
        count=len(files),
        views=min(_VIEWS, len(files)),
        rows=rows,
        more=more,
        first=_link(files[0].with_suffix(".html")) if files else "",
    )


def _row(path: Path, number: int) -> str:
    address = escape(path.stem)
    if number >= _VIEWS:
        return f'<li><a href="{_link(path)}">{address}</a></li>'
    view = path.with_suffix(".html")
    write_private(view, _as_page(path.read_bytes()).encode())
    shown = f'<a href="{_link(view)}" target="mail">{address}</a>'
    return f'<li>{shown}<a class="mail" href="{_link(path)}">.eml</a></li>'


def _link(path: Path) -> str:
    return quote(path.name, safe="@+")


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
  :root {{ color-scheme: light dark; --line: #8884; --quiet: #8a8178 }}
  body {{ margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; height: 100vh;
         grid-template-columns: 22rem 1fr }}
  nav {{ overflow: auto; border-right: 1px solid var(--line) }}
  header {{ padding: 1.25rem 1.25rem .5rem }}
  h1 {{ font-size: 1.15rem; margin: 0 }}
  p {{ margin: .25rem 0 .75rem; color: var(--quiet) }}
  ul {{ list-style: none; margin: 0; padding: 0 }}
  li {{ display: flex; gap: .75rem; padding: .35rem 1.25rem; border-top: 1px solid var(--line) }}
  a {{ color: inherit; text-decoration: none; overflow: hidden; text-overflow: ellipsis;
      white-space: nowrap }}
  a:first-child {{ flex: 1 }}
  a:hover, a:focus-visible {{ text-decoration: underline }}
  .mail {{ color: var(--quiet); font-size: .85em }}
  iframe {{ border: 0; width: 100%; height: 100% }}
  @media (max-width: 50rem) {{ body {{ grid-template: auto 75vh / 1fr; height: auto }} }}
</style>
<nav>
  <header>
    <h1>Outbox {title}: {count} messages</h1>
    <p>These are files; nothing was sent. The first {views} open here, all in a mail program.</p>
  </header>
  <ul>
{rows}
  </ul>
  {more}
</nav>
<iframe name="mail" title="The message" src="{first}"></iframe>
</html>
"""
