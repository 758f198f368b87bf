"""What is left to do after the set-up: at the provider, in DNS, and here."""

from collections.abc import Iterator

from newsletter.arrangements import PROVIDER, PUBLIC_URL, TESTS, Arrangement
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


def steps_for(arrangement: Arrangement) -> Iterator[Wording]:
    """Yield what to do next, in order."""
    name = str(arrangement.setting(PROVIDER) or "outbox")
    yield from _of_domain(name, arrangement.domain())
    yield from _of_service(name, str(arrangement.setting(PUBLIC_URL) or ""))
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


def _of_service(name: str, url: str) -> Iterator[Wording]:
    if url:
        yield say("Keep “newsletter serve” running, so that {url} answers.", url=url)
        if name in _MENUS:
            yield say("Have the provider post what happens to mail: newsletter webhooks install")
    elif name in _MENUS:
        yield say(
            "Leave pictures out of issues for now: {provider} does not carry them. With media_url "
            "and [media] they can lie on any web site (docs/providers.md).",
            provider=name,
        )
