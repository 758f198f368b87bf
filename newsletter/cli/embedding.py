"""`newsletter subscribers form`: the form for signing up, for any web site."""

from html import escape
from string import Template

import click

from newsletter.cli.common import Ruled, Settings, settings_of
from newsletter.consent import TRAP, stamp_embedded, word_consent
from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.language.catalogs import say_in, spoken_language
from newsletter.press import link_secret

# Plain HTML that leads to our page: no script, no cookie, nothing to be allowed across origins.
_SNIPPET = Template("""\
<form method="post" action="$action" accept-charset="utf-8">
  <input type="hidden" name="source" value="embedded">
  <input type="hidden" name="stamp" value="$stamp">
  <p>
    <label for="newsletter-email">$email</label><br>
    <input id="newsletter-email" name="email" type="email" autocomplete="email" required>
  </p>
  <div style="position:absolute;left:-9999px" aria-hidden="true">
    <label for="newsletter-$trap">$empty</label>
    <input id="newsletter-$trap" name="$trap" type="text" autocomplete="off" tabindex="-1">
  </div>
  <p>$agreed$privacy</p>
  <p><button type="submit">$button</button></p>
</form>
""")


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
    secret = link_secret(settings)
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
    return _SNIPPET.substitute(
        action=escape(f"{own.public_url}/subscribe?lang={code}"),
        stamp=stamp_embedded(secret),
        email=escape(say_in(code, say("Your e-mail address"))),
        trap=TRAP,
        empty=escape(say_in(code, say("Leave this empty"))),
        agreed=escape(wording.text),
        privacy=link if privacy_url else "",
        button=escape(say_in(code, say("Yes, I want the newsletter"))),
    )
