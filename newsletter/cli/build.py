"""`newsletter build`: an issue's HTML, text and message as files, to look at."""

import datetime as dt
from pathlib import Path

import click

from newsletter.cli.common import ConfigError, Ruled, as_issue_id, settings_of, tell
from newsletter.language import reason_of_disk, say
from newsletter.model import Persona, Picture, Specimen
from newsletter.personas import take_specimens
from newsletter.press import picture_files, read_manuscript, render_manuscript, stationery_for


@click.command(cls=Ruled)
@click.argument("issue_id", type=as_issue_id, metavar="ID")
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
    nobody = [Persona(id="empty", variant=variant) for variant in editions]
    specimens = take_specimens(
        settings,
        stationery_for(settings, manuscript, editions.values()),
        editions,
        nobody,
        now=dt.datetime.now(dt.UTC),
    )
    for specimen in specimens:
        language = specimen.persona.variant.language
        is_lead = language == manuscript.lead.language
        stem = issue_id if is_lead else f"{issue_id}.{language}"
        size = _write(out, stem, specimen)
        typed = (ctx.obj or Path()) / out / stem
        tell(
            say(
                "Wrote {file}.html, .txt and .eml ({size:,} bytes of HTML).",
                file=str(typed),
                size=size,
            )
        )


def _write(out: Path, stem: str, specimen: Specimen) -> int:
    """Write the files of a copy; return the size of its page."""
    edition = specimen.edition
    files: dict[str, bytes] = {
        f"{stem}.html": _with_files(specimen.html, edition.pictures).encode(),
        f"{stem}.txt": specimen.text.encode(),
        f"{stem}.eml": specimen.raw,
    }
    pictures = picture_files(edition)
    files |= {f"pictures/{name}": picture.data for name, picture in pictures.items()}
    for name, data in files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as err:
            raise ConfigError(
                say(
                    "cannot write {file}: {reason}; choose another --out",
                    file=str(path),
                    reason=reason_of_disk(err),
                )
            ) from err
    return len(specimen.html.encode())


def _with_files(html: str, pictures: tuple[Picture, ...]) -> str:
    """Point embedded pictures to files next to the page, so that a browser shows them."""
    for picture in pictures:
        html = html.replace(f"cid:{picture.digest}", f"pictures/{picture.filename}")
    return html
