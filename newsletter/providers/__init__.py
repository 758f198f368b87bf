"""Adapters: one file per provider, found by name in one table."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from newsletter.providers.base import (
    Capabilities,
    Greeting,
    MergeSyntax,
    Options,
    Provider,
    mailbox,
)

__all__ = [
    "PROVIDERS",
    "Capabilities",
    "Greeting",
    "MergeSyntax",
    "Options",
    "Provider",
    "mailbox",
]

# Names in the settings; each has a module here, with a class called like it.
_NAMES = ("outbox", "brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "ses", "smtp")


class _Adapters(Mapping[str, type[Provider]]):
    """The adapters by name; each is imported when it is used, as no newsletter needs two.

    Modules for HTTP take a tenth of a check, and an outbox needs none of them.
    """

    def __getitem__(self, name: str) -> type[Provider]:
        if name not in _NAMES:
            raise KeyError(name)
        found: type[Provider] = getattr(import_module(f"{__name__}.{name}"), name.capitalize())
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def __contains__(self, name: object) -> bool:
        return name in _NAMES


PROVIDERS: Mapping[str, type[Provider]] = _Adapters()
