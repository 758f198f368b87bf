"""Answers to the questions of `newsletter setup` that scripts give as options."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path

import click

from newsletter.files import read_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The answers that were given as options; None: not given."""

    title: str | None
    name: str | None
    address: str | None
    reply_to: str | None
    sender: str | None
    provider: str | None
    domain: str | None
    region: str | None
    host: str | None
    username: str | None
    key_file: str | None = field(repr=False)
    public_url: str | None
    privacy_url: str | None
    media_url: str | None
    opens: str | None
    test: str | None

    @property
    def names(self) -> list[str]:
        """Return the options that were given, such as --reply-to."""
        names = [one.name for one in fields(self) if getattr(self, one.name) is not None]
        return [f"--{name.replace('_', '-')}" for name in names]

    def answer(self, option: str) -> str | None:
        """Return what an option such as --reply-to says; of --key-file, what is in the file."""
        given: str | None = getattr(self, option.removeprefix("--").replace("-", "_"))
        return _key_in(given) if given is not None and option == "--key-file" else given


def _key_in(file: str) -> str:
    """Return the key that a file holds, and nothing else; "-" is the standard input."""
    return (sys.stdin.read() if file == "-" else read_words(Path(file))).strip()


_OPTIONS = (
    click.option("--title", metavar="TEXT", help="What the newsletter is called."),
    click.option("--name", metavar="TEXT", help="Sender's name, as inboxes show it."),
    click.option("--address", metavar="ADDRESS", help="Sender's address."),
    click.option("--reply-to", metavar="ADDRESS", help="Where readers' answers go."),
    click.option(
        "--sender", metavar="TEXT", help="Name and postal address, for the end of each mail."
    ),
    click.option("--provider", metavar="NAME", help="Who carries the mail: smtp, brevo and so on."),
    click.option("--domain", metavar="DOMAIN", help="Domain that is added at Mailgun."),
    click.option(
        "--region", metavar="NAME", help="Region of the account: Mailgun, SendGrid or SES."
    ),
    click.option("--host", metavar="HOST", help="Name of the SMTP server."),
    click.option("--username", metavar="NAME", help="User name at the SMTP server; “-” for none."),
    click.option(
        "--key-file",
        metavar="FILE",
        help="File that holds the key, and nothing else; “-” is the standard input.",
    ),
    click.option("--public-url", metavar="URL", help="Web address of the service; “-” for none."),
    click.option(
        "--privacy-url", metavar="URL", help="Where your privacy notice is; “-” for nowhere yet."
    ),
    click.option(
        "--media-url", metavar="URL", help="Where pictures lie on the web; “-” for nowhere."
    ),
    click.option(
        "--opens",
        metavar="WHOSE",
        help="Whose opens are counted: off, consented, aggregate or provider.",
    ),
    click.option(
        "--test", metavar="ADDRESSES", help="Address that tests go to; several with commas."
    ),
)


def answer_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each answer."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
