"""`newsletter archive`: issues that went out, as files for any web host."""

import datetime as dt
from pathlib import Path

import click

from newsletter.archive import (
    Archive,
    Filed,
    Site,
    is_strange,
    static_files,
    visibility_of,
    write_folder,
)
from newsletter.cli.common import Ruled, Settings, insist, settings_of, tell, yes_option
from newsletter.face import face_of
from newsletter.language import say, say_many
from newsletter.ledger import Ledger, find_picture
from newsletter.ledgers import ledger_of
from newsletter.press import reply_to_of


@click.command(cls=Ruled)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("archive"),
    show_default=True,
    metavar="DIR",
    help="Folder to write to.",
)
@click.option(
    "--url",
    default="",
    metavar="URL",
    help="Where the folder will be on the web; feeds and previews need it.",
)
@yes_option
@click.pass_context
def command(ctx: click.Context, out: Path, url: str, *, yes: bool) -> None:
    """Write the issues that went out as pages for any web host.

    Each is as it was sent, without anything about a reader, with its pictures, in each of its
    languages. The folder may be opened in a browser as it is. Run it again after the next issue:
    what changed is written, what [archive] of newsletter.toml now hides is taken away.

    \b
    Example:
      newsletter archive --out public
      newsletter archive --out public --url https://www.example.org/newsletter
    """
    settings = settings_of(ctx)
    if url and not url.startswith(("https://", "http://")):
        raise click.BadParameter(
            say('expected an address such as "https://www.example.org/newsletter"'),
            param_hint="--url",
        )
    if not yes and is_strange(out):
        insist(
            say("{folder} has other files. Write the archive among them?", folder=str(out)),
            otherwise=say("Nothing was changed."),
        )
    ledger = ledger_of(settings)
    ctx.call_on_close(ledger.close)
    archive = Archive(ledger, visibility_of(settings))
    issues, files = _write(settings, ledger, archive, out, url.rstrip("/"))
    typed = (ctx.obj or Path()) / out
    tell(
        say_many(
            "Wrote {n} issue to {folder} ({files} files): open {index}.",
            "Wrote {n} issues to {folder} ({files} files): open {index}.",
            issues,
            folder=str(typed),
            files=files,
            index=str(typed / "index.html"),
        )
    )
    if reason := archive.why_empty(dt.datetime.now(dt.UTC)):
        tell(say("The archive is empty: {reason}.", reason=reason))


def _write(
    settings: Settings, ledger: Ledger, archive: Archive, out: Path, url: str
) -> tuple[int, int]:
    """Write the archive, and return how many issues and files it has."""
    catalogue = archive.catalogue(dt.datetime.now(dt.UTC))
    own = settings.newsletter
    face = face_of(settings)
    code = own.language.partition("-")[0]
    service = "" if own.is_here_alone else own.public_url  # that visitors of the files reach
    at = Filed(
        language=code if code in face.imprints else "en",  # index.html is always there
        root=url,
        leave=f"{service}/links" if service else f"mailto:{reply_to_of(settings)}",
        subscribe=f"{service}/subscribe" if service and settings.subscribe.open else "",
    )
    site = Site(
        face=face,
        at=at,
        is_indexed=archive.visibility.is_indexed,
        is_static=True,
    )

    def picture(name: str) -> bytes | None:
        with ledger.read() as connection:
            found = find_picture(connection, name.partition(".")[0])
        return found.data if found else None

    written = write_folder(out, static_files(site, at, catalogue, picture))
    return len(catalogue.issues), len(written)
