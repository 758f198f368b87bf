"""`newsletter subscribers form`: the form for signing up, for any web site."""

from html import escape

import click

from newsletter.cli.common import ConfigError, Ruled, Settings, settings_of
from newsletter.cli.snippet import SNIPPET
from newsletter.consent import TRAP, stamp_embedded, word_consent
from newsletter.language import say, say_in, spoken_language
from newsletter.settings import load_secret


@click.command(cls=Ruled)
@click.option("--in", "language", metavar="LANGUAGE", help="Language of the form.")
@click.pass_context
def command(ctx: click.Context, language: str | None) -> None:
    """Print HTML of the form for signing up, for any web site.

    It is a plain form that leads to the page of “newsletter serve”: no script, and nothing to be
    allowed on either side. Its words and classes are yours to change, its fields are not.

    \b
    Example:
      newsletter subscribers form
      newsletter subscribers form --in sv
    """
    settings = settings_of(ctx)
    if not settings.newsletter.public_url:
        raise ConfigError(say("there is no page to sign up at: set public_url in newsletter.toml"))
    # What renders issues knows this secret, too, but would be loaded for all of `subscribers`.
    purpose = say("signing links (public_url is set)")
    secret = load_secret(settings.root, "NEWSLETTER_SECRET", purpose=purpose).reveal()
    click.echo(
        snippet_of(settings, language or settings.newsletter.language, secret=secret), nl=False
    )


def snippet_of(settings: Settings, language: str, *, secret: str) -> str:
    """Return HTML for any web site, by which its visitors sign up."""
    own, code = settings.newsletter, spoken_language(language)
    privacy_url = settings.subscribe.privacy_url
    wording = word_consent(
        code, title=own.title_in(code), sender=own.sender_in(code), asks_tracking=False
    )
    notice = say_in(code, say("Privacy notice"))
    link = f' <a href="{escape(privacy_url or "")}">{escape(notice)}</a>'
    return SNIPPET.substitute(
        action=escape(f"{own.public_url}/subscribe?lang={code}"),
        stamp=stamp_embedded(secret),
        email=escape(say_in(code, say("Your e-mail address"))),
        trap=TRAP,
        empty=escape(say_in(code, say("Leave this empty"))),
        agreed=escape(wording.text),
        privacy=link if privacy_url else "",
        button=escape(say_in(code, say("Yes, I want the newsletter"))),
    )
