"""`newsletter init`: a new newsletter in a folder, without any question."""

import shutil
from pathlib import Path

import click

from newsletter.cli.common import say
from newsletter.errors import UsageError
from newsletter.render.mjml import PACKAGED

_SETTINGS = """\
# Settings of this newsletter. Secrets never stand here: they come from the environment or .env.

[newsletter]
title = "{title}"
language = "fi"                     # fi, sv or en: dates, and the words around each issue
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
"""

_GITIGNORE = """\
# personal data never enters git
/subscribers/
/outbox/
.env
/out/
"""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Make a new newsletter in a folder.

    \b
    Example:
      newsletter init kirje
    """
    folder = (ctx.obj or Path()) / folder
    if (folder / "newsletter.toml").exists():
        raise UsageError(f"{folder} is a newsletter already; nothing was changed")
    for name in ("issues", "subscribers"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(PACKAGED, folder / "templates", dirs_exist_ok=True)
    title = folder.resolve().name.replace('"', "").replace("\\", "") or "Newsletter"
    (folder / "newsletter.toml").write_text(_SETTINGS.format(title=title), encoding="utf-8")
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    say(f"Made a newsletter in {folder}.")
    say(f"Now mend its name and sender in {folder / 'newsletter.toml'}, then:")
    say(f"  cd {folder}")
    say("  newsletter new 2026-12")
