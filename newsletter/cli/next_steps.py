"""What is left to do after the set-up: at the provider, in DNS, and here."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.arrangements import (
    MEDIA_URL,
    OPENS,
    PRIVACY_URL,
    PROVIDER,
    PUBLIC_URL,
    REPLY_TO,
    TESTS,
    Arrangement,
)
from newsletter.language import Wording, say

# Where at a provider the sender's domain is added, as its pages call it.
_MENUS = {
    "brevo": "Senders, Domains & Dedicated IPs > Domains",
    "mailgun": "Sending > Domains",
    "mailjet": "Account settings > Sender domains & addresses",
    "postmark": "Sender Signatures > Add Domain",
    "resend": "Domains > Add Domain",
    "sendgrid": "Settings > Sender Authentication",
    "ses": "Configuration > Identities",
}


_PORT = 8080  # at which “newsletter serve” listens


def steps_for(arrangement: Arrangement) -> Iterator[Wording]:
    """Yield what to do next, in order."""
    name = str(arrangement.setting(PROVIDER) or "outbox")
    yield from _of_domain(name, arrangement.domain())
    yield from _of_counting(arrangement, name)
    if arrangement.setting(PUBLIC_URL):
        yield from _of_service(arrangement, name)
    else:
        yield from _without_service(arrangement, name)
    yield say("See that all is well: newsletter doctor")
    if name != "outbox":
        tests = arrangement.setting(TESTS) or ["ADDRESS"]
        yield say(
            "Mail an issue to yourself first: newsletter send ID --test {address}", address=tests[0]
        )


def _of_domain(name: str, domain: str) -> Iterator[Wording]:
    if menu := _MENUS.get(name):
        yield say(
            "Add {domain} at {provider}, under “{menu}”.", domain=domain, provider=name, menu=menu
        )
        yield say(
            "Have the records it shows there (SPF, DKIM, DMARC) put into the DNS of {domain}; "
            "before that, mail lands in spam or is refused.",
            domain=domain,
        )
    if name == "ses":
        yield say("Ask there for production access; in the sandbox nobody else gets mail.")
    if name == "smtp":
        yield say(
            "Ask whoever runs the server whether SPF, DKIM and DMARC of {domain} are in place.",
            domain=domain,
        )


def _of_counting(arrangement: Arrangement, name: str) -> Iterator[Wording]:
    if arrangement.setting(OPENS) == "off" and not arrangement.capabilities().tracking_switch:
        yield say(
            "Switch off tracking of opens and clicks in your account at {provider}, or have its "
            "support do so: it cannot be told with each mail.",
            provider=name,
        )


def _of_service(arrangement: Arrangement, name: str) -> Iterator[Wording]:
    url = str(arrangement.setting(PUBLIC_URL))
    is_here = arrangement.settings.newsletter.is_here_alone
    port = (urlsplit(url).port if is_here else None) or _PORT
    command = f"newsletter serve --worker --port {port}"
    if is_here:
        yield say("Keep this running, so that {url} answers: {command}", url=url, command=command)
        if name != "outbox":
            yield say(
                "Before readers get mail, run “newsletter setup” again with an address that they "
                "can open."
            )
    else:
        yield say(
            "Keep this running behind a proxy that encrypts and passes {url} on to port {port} "
            "(docs/deployment.md): {command}",
            url=url,
            port=port,
            command=command,
        )
        if arrangement.is_service():
            yield say("Have the provider post what happens to mail: newsletter webhooks install")
    if name != "outbox" and not arrangement.setting(PRIVACY_URL):
        yield say(
            "Write a privacy notice, put it on the web and run “newsletter setup” again with its "
            "address; docs/consent.md has a text to begin with."
        )


def _without_service(arrangement: Arrangement, name: str) -> Iterator[Wording]:
    if name == "outbox":
        return
    if arrangement.is_service() and not arrangement.setting(MEDIA_URL):
        yield say(
            "Leave pictures out of issues for now: {provider} does not carry them. With media_url "
            "and [media] they can lie on any web site (docs/providers.md).",
            provider=name,
        )
    elif arrangement.is_service() and not arrangement.settings.media.to:
        yield say(
            "Say how pictures get to {url}: [media] to in newsletter.toml (docs/providers.md).",
            url=str(arrangement.setting(MEDIA_URL)),
        )
    if not arrangement.settings.mailbox.unsubscribe:
        yield say(
            "Whoever leaves writes to {address}, and you take them off the list. With [mailbox], "
            "“newsletter sync” does (docs/mailbox.md).",
            address=str(arrangement.setting(REPLY_TO)),
        )
