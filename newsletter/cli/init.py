"""`newsletter init`: a new newsletter in a folder, without any question."""

import os
import re
import shlex
from pathlib import Path

import click

from newsletter.cli.common import Ruled, say
from newsletter.errors import UsageError
from newsletter.files import private_folder
from newsletter.render.looks import DEFAULT_LOOK, LOOKS, copy_template, files_of

_SETTINGS = """\
# Settings of this newsletter. Secrets never stand here: they come from the environment or .env.

[newsletter]
title = "{title}"
look = "{look}"                    # default, letter or magazine: see “newsletter templates”
language = "fi"                     # fi, sv or en: dates, and the words around each issue
# titles = {{ sv = "Nyhetsbrev" }}   # what it is called in other languages
from = "{title} <newsletter@example.org>"
reply_to = "editor@example.org"
sender = "Example Foundation, Street 1, 00100 Helsinki"   # who sends; shown in every footer
# public_url = "https://news.example.org"   # where your archive, pictures and links are served

[provider]
name = "outbox"                     # writes files and sends nothing. To send: brevo, mailgun,
                                    # mailjet, postmark, resend, sendgrid, ses or smtp
# domain = "example.org"            # mailgun;  region = "eu" for mailgun and sendgrid
# region = "eu-north-1"             # ses;      stream = "broadcast" for postmark
# host = "smtp.example.org"         # smtp, with username = "..." where it wants one
# rate = "100/s"                    # also hourly_cap, daily_cap, concurrency, batch_size

[database]
url = "sqlite:///subscribers/newsletter.db"

[tracking]
opens = "provider"                  # off, or provider: its statistics per issue

# [[collect.feeds]]                 # whose news “newsletter collect” gathers: a table for each
# name = "Example Foundation"
# url = "https://www.example.org/feed.xml"
"""

_GITIGNORE = """\
# personal data never enters git
/subscribers/
/outbox/
/.newsletter/
.env
/out/
*.csv
*.xlsx
*.db
*.db-*
"""


@click.command(cls=Ruled)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--look",
    type=click.Choice(list(LOOKS)),
    default=DEFAULT_LOOK,
    show_default=True,
    help="How the mail looks; it can be changed later.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path, look: str) -> None:
    """Make a new newsletter in a folder.

    \b
    Example:
      newsletter init kirje
      newsletter init kirje --look letter
    """
    folder = (ctx.obj or Path()) / folder
    if (folder / "newsletter.toml").exists():
        raise UsageError(f"{folder} is a newsletter already; nothing was changed")
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    private_folder(folder / "subscribers")
    for name, source in files_of(look).items():
        copy_template(source, folder / "templates" / name)
    name = folder.resolve().name
    title = "".join(c for c in name if c.isprintable() and c not in '"\\').strip() or "Newsletter"
    (folder / "newsletter.toml").write_text(
        _SETTINGS.format(title=title, look=look), encoding="utf-8"
    )
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    say(f"Made a newsletter in {folder}.")
    say(f"Now mend its name and sender in {folder / 'newsletter.toml'}, then:")
    say(f"  cd {_as_typed(folder)}")
    say("  newsletter new 2026-12")


def _as_typed(folder: Path) -> str:
    """Return a folder as typed after cd, quoted if its name needs it."""
    name = str(folder)
    if os.name == "nt":
        return f'"{name}"' if " " in name else name
    # shlex.quote would also quote letters such as ä, which every shell accepts.
    return name if re.fullmatch(r"[\w./~-]+", name) else shlex.quote(name)
