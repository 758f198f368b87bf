"""Adapters: one file per provider, found by name in one table."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from newsletter.providers.base import Capabilities, MergeSyntax, Options, Provider, mailbox

# Name in the settings -> module here and class in it.
_ADAPTERS = {
    "outbox": ("outbox", "Outbox"),
    "brevo": ("brevo", "Brevo"),
    "mailgun": ("mailgun", "Mailgun"),
    "mailjet": ("mailjet", "Mailjet"),
    "postmark": ("postmark", "Postmark"),
    "resend": ("resend", "Resend"),
    "sendgrid": ("sendgrid", "Sendgrid"),
    "ses": ("ses", "Ses"),
    "smtp": ("smtp", "Smtp"),
}


class _Adapters(Mapping[str, type[Provider]]):
    """The adapters by name; each is imported when it is used, as no newsletter needs two.

    Modules for HTTP take a tenth of a check, and an outbox needs none of them.
    """

    def __getitem__(self, name: str) -> type[Provider]:
        module, adapter = _ADAPTERS[name]
        found: type[Provider] = getattr(import_module(f"{__name__}.{module}"), adapter)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_ADAPTERS)

    def __len__(self) -> int:
        return len(_ADAPTERS)

    def __contains__(self, name: object) -> bool:
        return name in _ADAPTERS


PROVIDERS: Mapping[str, type[Provider]] = _Adapters()
