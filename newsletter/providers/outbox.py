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
from string import Template
from urllib.parse import quote

from newsletter.errors import ProviderError, Verdict
from newsletter.files import private_folder, read_words, write_private
from newsletter.language import reason_of_disk, say, say_in, say_many, spoken_language
from newsletter.model import Call, Message, Outcome, State
from newsletter.providers.base import Capabilities, Carries, Options, Provider

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
        carries=Carries.WHOLE,
        tracking_switch=True,  # it tracks nothing at all
        mails=False,
    )

    def __init__(self, options: Options) -> None:
        self._root = options.folder
        self._language = options.language
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
                write_private(folder / "index.html", _index(folder, self._language).encode())

    def _refused(self, folder: Path, err: OSError) -> ProviderError:
        return ProviderError(
            say(
                "outbox cannot write to {folder}: {reason}; make the folder writable, then run the "
                "same command again",
                folder=str(folder),
                reason=reason_of_disk(err),
            ),
            provider=self.name,
            verdict=Verdict.STOP,
        )


def _filename(message: Message) -> str:
    name = quote(message.address, safe="@.+-_")
    if len(name) > _LONGEST_NAME:  # file systems allow 255 bytes
        name = f"{name[:_LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    return f"{name}.eml"


def _index(folder: Path, language: str) -> str:
    files = sorted(folder.glob("*.eml"))
    heading, note, more, mail = (
        escape(say_in(language, words)) for words in _words(folder.name, len(files))
    )
    page = Template(read_words(Path(__file__).with_name("outbox.html")))
    return page.substitute(
        language=spoken_language(language),
        heading=heading,
        note=note,
        rows="\n".join(_row(path, number) for number, path in enumerate(files[:_LISTED])),
        more=f"<p>{more}</p>" if more else "",
        mail=mail,
        first=_link(files[0].with_suffix(".html")) if files else "",
    )


def _words(folder: str, count: int) -> Iterator[str]:
    """Yield what the page says: heading, note, what is not listed, and the name of the view."""
    yield say_many(
        "Outbox {folder}: {n:,} message",
        "Outbox {folder}: {n:,} messages",
        n=count,
        folder=folder,
    )
    yield say_many(
        "This is a file; nothing was sent. It opens here and in a mail program.",
        "These are files; nothing was sent. The first {n:,} open here, all in a mail program.",
        n=min(_VIEWS, count),
    )
    rest = count - _LISTED
    yield say_many("… and {n:,} more file", "… and {n:,} more files", n=rest) if rest > 0 else ""
    yield say("The message")


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
