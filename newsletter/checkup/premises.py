"""Examines what lies in the newsletter's folder: settings, secrets, files, templates."""

from collections.abc import Iterator

from newsletter.checkup.diagnoses import Diagnosis, broken, doubtful, good, of_finding
from newsletter.collecting import FEEDS, Cache, presets
from newsletter.errors import ConfigError, NewsletterError
from newsletter.gateway import provider_class
from newsletter.language import Wording, nearest, reason_of_disk, say
from newsletter.press import template_advice
from newsletter.reviewing import verify_settings
from newsletter.settings import (
    FILE,
    Settings,
    exposed_files,
    find_secret,
    line_of_setting,
    restrict_command,
)

_SIGNING = "NEWSLETTER_SECRET"
_LONG, _VARIED = 32, 10  # characters, and different ones, of a secret that nobody guesses


def look_at_premises(settings: Settings) -> Iterator[Diagnosis]:
    """Examine each in turn; what is broken does not keep the others from being examined."""
    yield from _settings(settings)
    yield from _notice(settings)
    yield from _secrets(settings)
    yield from _files(settings)
    yield from _templates(settings)
    yield from _feeds(settings)


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    try:
        provider_class(settings)
        verify_settings(settings)
    except NewsletterError as err:
        yield broken("settings", err.words)
        return
    file, way = settings.root / FILE, settings.provider.name
    told = say("{file} is in order; mail leaves by {provider}", file=str(file), provider=way)
    yield good("settings", told)


def _notice(settings: Settings) -> Iterator[Diagnosis]:
    """Report a form to sign up that tells nobody what becomes of their address."""
    table = settings.subscribe
    own = settings.newsletter
    is_there = own.public_url and not own.is_here_alone and table.open
    if is_there and not table.privacy_url:
        yield doubtful(
            "sign-ups",
            say("the form to sign up links to no privacy notice (GDPR, article 13)"),
            say(
                "write where yours is: privacy_url under [subscribe]; docs/consent.md has a text "
                "to begin with"
            ),
        )


def _feeds(settings: Settings) -> Iterator[Diagnosis]:
    """Report sources of news that could not be read when they were last asked."""
    failing = Cache(settings.root / FEEDS).failing()
    for number, feed in enumerate(settings.collect.feeds):
        preset = presets().get(feed.preset or "")
        if feed.preset and preset is None:
            line = line_of_setting(settings, "collect", "feeds", f"{number}", "preset")
            place = f"{FILE}:{line}" if line else FILE
            told = say("{place}: there is no preset “{name}”", place=place, name=feed.preset)
            yield broken("feeds", told, nearest(feed.preset, presets()))
            continue
        url = feed.url or (preset.url if preset else "")
        if url in failing:
            told = say(
                "{url} could not be read since {since:%Y-%m-%d}; “newsletter collect” says why",
                url=url,
                since=failing[url],
            )
            cure = say(
                "look on its site for the address of its feed now, and write that into {file}",
                file=FILE,
            )
            yield doubtful("feeds", told, cure)


def _secrets(settings: Settings) -> Iterator[Diagnosis]:
    needed = list(_needed_secrets(settings))
    for name, purpose in needed:
        try:
            secret = find_secret(settings.root, name)
            trouble = None if secret else _not_set(name, purpose)
        except ConfigError as err:
            trouble = err.words
        except OSError as err:
            trouble = say("{file}: {reason}", file=str(err.filename), reason=reason_of_disk(err))
        if trouble:
            yield broken("secrets", trouble, _cure_of(name, str(settings.root / ".env")))
        elif secret and name == _SIGNING and _is_weak(secret.reveal()):
            yield _weak(name)
        else:
            yield good("secrets", say("{name} is set", name=name))
    if not needed:
        yield good("secrets", say("no secret is needed"))


def _cure_of(name: str, file: str) -> Wording:
    """Return where to write a secret; that of links is made up, and by a program best."""
    if name == _SIGNING:
        return say("“newsletter setup” makes one and writes it into {file}", file=file)
    return say("write “{name}=...” into {file}", name=name, file=file)


def _not_set(name: str, purpose: Wording) -> Wording:
    return say("{name} is not set, and {purpose} needs it", name=name, purpose=purpose)


def _is_weak(secret: str) -> bool:
    """Return whether a secret may be guessed; whoever does can make everybody's links."""
    return len(secret) < _LONG or len(set(secret)) < _VARIED


def _weak(name: str) -> Diagnosis:
    return doubtful(
        "secrets",
        say("{name} is short or simple; whoever guesses it can unsubscribe everybody", name=name),
        say(
            "put {count} random characters in its place; links in mails that were sent stop "
            "working then",
            count=_LONG,
        ),
    )


def _needed_secrets(settings: Settings) -> Iterator[tuple[str, Wording]]:
    try:
        secret = provider_class(settings).secret
    except ConfigError:  # reported with the settings
        secret = ""
    if secret:
        yield secret, say("sending through {provider}", provider=settings.provider.name)
    if settings.provider.username:
        yield "NEWSLETTER_SMTP_PASSWORD", say("logging in to SMTP")
    if settings.newsletter.public_url:
        yield "NEWSLETTER_SECRET", say("signing links (public_url is set)")
    elif settings.mailbox.unsubscribe:
        yield (
            "NEWSLETTER_SECRET",
            say("signing the address to unsubscribe by ([mailbox] unsubscribe is set)"),
        )


def _files(settings: Settings) -> Iterator[Diagnosis]:
    exposed = exposed_files(settings)
    for path in exposed:
        told = say("others on this machine have rights to {path}", path=str(path))
        yield doubtful("files", told, restrict_command(path))
    if not exposed:
        yield good("files", say("files about people are yours alone"))


def _templates(settings: Settings) -> Iterator[Diagnosis]:
    try:
        findings = template_advice(settings)
    except ConfigError as err:
        yield broken("templates", err.words)
        return
    for finding in findings:
        yield of_finding("templates", finding)
    if not findings:
        yield good("templates", say("those you changed have what is new in the package"))
