"""The questions of a first real send: who sends, through whom, its key, where, to whom."""

from collections.abc import Callable, Iterator

from newsletter.arrangements import (
    MEDIA_URL,
    OPENS,
    PRIVACY_URL,
    PROVIDER,
    PUBLIC_URL,
    REPLY_TO,
    SENDER,
    TESTS,
    TITLE,
    Arrangement,
)
from newsletter.cli.interview import Question
from newsletter.errors import ConfigError
from newsletter.language import Wording, nearest, say
from newsletter.providers import PROVIDERS

Asking = Callable[[Arrangement], Question | None]  # knows the answers before; None: not asked

KEPT = "="  # the answer that leaves a key as it is
_NONE = {"-", "ei", "ei mitään", "no", "none", "nej", "inga", "ingen"}
_OFF, _OURS = "off", ("consented", "aggregate")  # countings of [tracking] opens
_NOBODY = "newsletter@example.org"  # until the question for the address is answered
_DOMAIN, _REGION = ("provider", "domain"), ("provider", "region")
_HOST, _USERNAME = ("provider", "host"), ("provider", "username")
_REGIONS = {"mailgun": "eu", "sendgrid": "eu", "ses": "eu-north-1"}
# What the key of a provider is, where it is more than one word to copy.
_KEYS = {
    "brevo": say("Key of the API (v3), as Brevo shows it under “SMTP & API”"),
    "mailjet": say("Both keys of the API with a colon between: KEY:SECRET"),
    "ses": say("Key of the account with a colon between: ID:SECRET"),
    "postmark": say("Token of the server at Postmark (Server API token)"),
    "smtp": say("Password of the SMTP server"),
}


def choices(_: Arrangement) -> Iterator[Wording]:
    """Yield who there is to carry mail."""
    names = ", ".join(name for name in PROVIDERS if name not in ("smtp", "outbox"))
    yield say("smtp: your organisation's own server; pictures travel inside the mail")
    yield say("{names}: services that mail for you", names=names)
    yield say("outbox: practice; files on this machine, nothing is sent")


# --- who sends ----------------------------------------------------------------------------


def _title(arrangement: Arrangement) -> Question:
    return Question(
        option="--title",
        words=say("What the newsletter is called"),
        default=str(arrangement.setting(TITLE)),
        take=_titled,
    )


def _titled(arrangement: Arrangement, title: str) -> Arrangement:
    """Return the same with another title, which the sender's name follows if it was the same."""
    name, address = arrangement.sender()
    follows = name == arrangement.setting(TITLE)
    titled = arrangement.with_setting(TITLE, title)
    return titled.with_sender(title, address or _NOBODY) if follows else titled


def _name(arrangement: Arrangement) -> Question:
    return Question(
        option="--name",
        words=say("Sender's name in inboxes"),
        default=arrangement.sender()[0],
        take=lambda a, answer: a.with_sender(answer, a.sender()[1] or _NOBODY),
    )


def _address(arrangement: Arrangement) -> Question:
    return Question(
        option="--address",
        words=say("Sender's address, of your own domain"),
        default=arrangement.sender()[1],
        take=lambda a, answer: a.with_sender(a.sender()[0], answer),
    )


def _reply_to(arrangement: Arrangement) -> Question:
    return Question(
        option="--reply-to",
        words=say("Address for readers' answers"),
        default=str(arrangement.setting(REPLY_TO) or arrangement.sender()[1]),
        take=lambda a, answer: a.with_setting(REPLY_TO, answer),
    )


def _sender(arrangement: Arrangement) -> Question:
    return Question(
        option="--sender",
        words=say("Sender's name and postal address"),
        default=str(arrangement.setting(SENDER) or ""),
        take=lambda a, answer: a.with_setting(SENDER, answer),
    )


# --- through whom -------------------------------------------------------------------------


def _provider(arrangement: Arrangement) -> Question:
    used = str(arrangement.setting(PROVIDER) or "outbox")
    return Question(
        option="--provider",
        words=say("Who carries the mail"),
        default="" if used == "outbox" else used,
        take=_carried,
    )


def _carried(arrangement: Arrangement, answer: str) -> Arrangement:
    name = answer.lower()
    if name not in PROVIDERS:
        raise ConfigError(nearest(name, PROVIDERS))
    return arrangement.with_setting(PROVIDER, name)


def _domain(arrangement: Arrangement) -> Question | None:
    if arrangement.setting(PROVIDER) != "mailgun":
        return None
    return Question(
        option="--domain",
        words=say("Domain that is added at Mailgun"),
        default=str(arrangement.setting(_DOMAIN) or arrangement.domain()),
        take=lambda a, answer: a.with_setting(_DOMAIN, answer),
    )


def _region(arrangement: Arrangement) -> Question | None:
    usual = _REGIONS.get(str(arrangement.setting(PROVIDER)))
    if usual is None:
        return None
    return Question(
        option="--region",
        words=say("Region that the account is in"),
        default=str(arrangement.setting(_REGION) or usual),
        take=lambda a, answer: a.with_setting(_REGION, answer),
    )


def _host(arrangement: Arrangement) -> Question | None:
    if arrangement.setting(PROVIDER) != "smtp":
        return None
    return Question(
        option="--host",
        words=say("Name of the SMTP server"),
        default=str(arrangement.setting(_HOST) or f"smtp.{arrangement.domain()}"),
        take=lambda a, answer: a.with_setting(_HOST, answer),
    )


def _username(arrangement: Arrangement) -> Question | None:
    if arrangement.setting(PROVIDER) != "smtp":
        return None
    return Question(
        option="--username",
        words=say("User name there; “-” if it wants none"),
        default=str(arrangement.setting(_USERNAME) or arrangement.sender()[1]),
        take=lambda a, answer: a.with_setting(_USERNAME, _or_none(answer)),
    )


def _key(arrangement: Arrangement) -> Question | None:
    name = arrangement.secret_name()
    if not name:
        return None
    words = _KEYS.get(str(arrangement.setting(PROVIDER)), say("Key of the API"))
    is_set = arrangement.has_secret(name)
    hidden = say("{key} (stays invisible)", key=words)
    kept = say("{key} (Enter keeps the one that is set)", key=words)
    return Question(
        option="--key-file",
        words=kept if is_set else hidden,
        default=KEPT if is_set else "",
        take=lambda a, answer: a if answer == KEPT else a.with_secret(name, answer),
        is_secret=True,
    )


# --- where --------------------------------------------------------------------------------


def _public_url(arrangement: Arrangement) -> Question:
    return Question(
        option="--public-url",
        words=say("Web address of “newsletter serve”; “-” if none"),
        default=str(arrangement.setting(PUBLIC_URL) or "-"),
        take=_served,
    )


def _served(arrangement: Arrangement, answer: str) -> Arrangement:
    """Return the same with another public address; without one, nothing of ours counts opens."""
    url = _or_none(answer)
    if url is None and arrangement.setting(OPENS) in _OURS:
        arrangement = arrangement.with_setting(OPENS, _OFF)
    return arrangement.with_setting(PUBLIC_URL, url)


def _privacy_url(arrangement: Arrangement) -> Question | None:
    if arrangement.is_practice() or not arrangement.setting(PUBLIC_URL):  # nobody signs up
        return None
    return Question(
        option="--privacy-url",
        words=say("Web address of your privacy notice; “-” if it is still to be written"),
        default=str(arrangement.setting(PRIVACY_URL) or "-"),
        take=lambda a, answer: a.with_setting(PRIVACY_URL, _or_none(answer)),
    )


def _media_url(arrangement: Arrangement) -> Question | None:
    if arrangement.setting(PUBLIC_URL) or arrangement.capabilities().inline_pictures:
        return None
    return Question(
        option="--media-url",
        words=say("Folder for pictures on a web site of yours; “-” if none"),
        default=str(arrangement.setting(MEDIA_URL) or "-"),
        take=lambda a, answer: a.with_setting(MEDIA_URL, _or_none(answer)),
    )


# --- whose opens are counted, and to whom mail goes first ---------------------------------


def countings(arrangement: Arrangement) -> Iterator[Wording]:
    """Yield whose opens and clicks can be counted."""
    told = {
        _OFF: say("off: nobody's, which needs no consent"),
        "consented": say("consented: those of readers who allow it, by “newsletter serve”"),
        "aggregate": say("aggregate: of all together but those who refuse, by “newsletter serve”"),
        "provider": say(
            "provider: everybody's, by {provider}; in Finland each has to agree to that first",
            provider=str(arrangement.setting(PROVIDER)),
        ),
    }
    yield from (told[name] for name in _possible(arrangement))


def _possible(arrangement: Arrangement) -> list[str]:
    """Return the ways to count that these settings allow, the safest first."""
    ours = _OURS if arrangement.setting(PUBLIC_URL) else ()
    theirs = ("provider",) if arrangement.is_service() else ()
    return [_OFF, *ours, *theirs]


def _opens(arrangement: Arrangement) -> Question | None:
    if arrangement.is_practice() or len(_possible(arrangement)) == 1:
        return None
    return Question(
        option="--opens",
        words=say("Whose opens and clicks"),
        default=str(arrangement.setting(OPENS) or _OFF),
        take=_counted,
    )


def _counted(arrangement: Arrangement, answer: str) -> Arrangement:
    name = _OFF if _or_none(answer.lower()) is None else answer.lower()
    possible = _possible(arrangement)
    if name not in possible:
        raise ConfigError(nearest(name, possible))
    return arrangement.with_setting(OPENS, name)


def _tests(arrangement: Arrangement) -> Question:
    known = arrangement.setting(TESTS) or [arrangement.setting(REPLY_TO)]
    return Question(
        option="--test",
        words=say("Addresses for tests, with commas between"),
        default=", ".join(filter(None, known)),
        take=lambda a, answer: a.with_setting(TESTS, _listed(answer)),
    )


def _or_none(answer: str) -> str | None:
    return None if answer.casefold() in _NONE else answer


def _listed(answer: str) -> list[str]:
    return [each.strip() for each in answer.split(",") if each.strip()]


WHO: tuple[Asking, ...] = (_title, _name, _address, _reply_to, _sender)
THROUGH: tuple[Asking, ...] = (_provider, _domain, _region, _host, _username)
KEY: tuple[Asking, ...] = (_key,)
WHERE: tuple[Asking, ...] = (_public_url, _privacy_url, _media_url)
COUNTED: tuple[Asking, ...] = (_opens,)
TO_WHOM: tuple[Asking, ...] = (_tests,)
