"""`newsletter build`: an issue's HTML, text and message as files, to look at."""

import datetime as dt
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path

import click

from newsletter.addresses import mail_address
from newsletter.cli.common import say, settings_of
from newsletter.cli.inputs import ISSUE_ID
from newsletter.cli.options import Ruled
from newsletter.errors import ConfigError
from newsletter.model import Edition, Picture
from newsletter.press import (
    hosted_pictures,
    list_id_of,
    read_manuscript,
    render_manuscript,
    reply_to_of,
)
from newsletter.render.mime import Envelope, MimeTemplate, Postmark
from newsletter.render.slots import take_apart_html, take_apart_text
from newsletter.settings import Settings

_READER = {"email": "reader@example.org"}


@click.command(cls=Ruled)
@click.argument("issue_id", type=ISSUE_ID, metavar="ID")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    metavar="DIR",
    help="Folder to write to.",
)
@click.pass_context
def command(ctx: click.Context, issue_id: str, out: Path) -> None:
    """Write an issue's HTML, text and message to files.

    Every conditional block is shown, and slots take their fallbacks.

    \b
    Example:
      newsletter build 2026-12 --out out
    """
    settings = settings_of(ctx)
    manuscript = read_manuscript(settings, issue_id)
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    for variant, edition in editions.items():
        lead = variant.language == manuscript.lead.language
        stem = edition.issue_id if lead else f"{edition.issue_id}.{variant.language}"
        mailbox = manuscript.lead.sender or settings.newsletter.from_
        hosted = hosted_pictures(settings, manuscript.issues[variant.language])
        _write(out, stem, edition, hosted, settings, parseaddr(mailbox))


def _write(
    out: Path,
    stem: str,
    edition: Edition,
    hosted: Mapping[str, Picture],
    settings: Settings,
    sender: tuple[str, str],
) -> None:
    values = _values(settings)
    html = take_apart_html(edition.html, edition.slots).fill(values)
    text = take_apart_text(edition.text, edition.slots).fill(values)
    files: dict[str, bytes] = {
        f"{stem}.html": _with_files(html, edition.pictures).encode(),
        f"{stem}.txt": text.encode(),
        f"{stem}.eml": _message(edition, settings, values, sender),
    }
    pictures = [*edition.pictures, *hosted.values()]
    files |= {f"pictures/{picture.filename}": picture.data for picture in pictures}
    for name, data in files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as err:
            raise ConfigError(f"cannot write {path}: {err.strerror}; choose another --out") from err
    say(f"Wrote {out / stem}.html, .txt and .eml ({len(html.encode()):,} bytes of HTML).")


def _values(settings: Settings) -> Mapping[str, str]:
    url = settings.newsletter.public_url
    return _READER | ({"unsubscribe_url": f"{url}/u/example"} if url else {})


def _with_files(html: str, pictures: tuple[Picture, ...]) -> str:
    """Point embedded pictures to files beside the page, so that a browser shows them."""
    for picture in pictures:
        html = html.replace(f"cid:{picture.digest}", f"pictures/{picture.filename}")
    return html


def _message(
    edition: Edition, settings: Settings, values: Mapping[str, str], sender: tuple[str, str]
) -> bytes:
    name, address = sender[0], mail_address(sender[1])
    reply_to = reply_to_of(settings)
    envelope = Envelope(sender=(name, address), reply_to=reply_to, list_id=list_id_of(settings))
    postmark = Postmark(
        address=_READER["email"],
        message_id=f"{edition.digest[:32]}@{address.rpartition('@')[2]}",
        date=dt.datetime.now(dt.UTC),
        unsubscribe=(values.get("unsubscribe_url", f"mailto:{reply_to}?subject=unsubscribe"),),
    )
    return MimeTemplate(edition, envelope).fill(values, postmark)
