"""Name what is tortured: providers by what they can prove, and the kinds of rounds."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.servers.house import ProviderServer, key_for
from tests.servers.smtp import SmtpServer

PEOPLE = 2_000
CONCURRENCY = 4  # calls of one process at once: so many batches a kill can leave in doubt
Server = ProviderServer | SmtpServer


class Proof(Enum):
    """What tells whether a call was taken whose sender was killed."""

    KEY = "a repeat under the same key is recognised"
    LOOK_UP = "the provider can be asked"
    NOTHING = "nobody can know; the editor decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A provider as it is played: its server's flags, and the newsletter's settings."""

    name: str
    proof: Proof
    batch_size: int
    delay: float = 0.0  # seconds between accepting a call and answering it
    lag: float = 0.0  # seconds until look-ups find what was accepted
    settings: str = ""  # further TOML of [provider]

    def server(self, journal: Any) -> Server:
        """Return the server, not yet started."""
        if self.name == "smtp":
            return SmtpServer(journal_file=journal)
        return ProviderServer(
            name=self.name, journal_file=journal, bodies="none", delay=self.delay, lag=self.lag
        )

    def table(self, server: Server) -> str:
        """Return the TOML that points a newsletter at the server."""
        place = (
            f'host = "{server.host}"\nport = {server.port}\nsecurity = "none"'
            if isinstance(server, SmtpServer)
            else f'base_url = "{server.url}"'
        )
        limits = f"batch_size = {self.batch_size}\nconcurrency = {CONCURRENCY}"
        return f'name = "{self.name}"\n{place}\n{limits}\n{self.settings}'

    @property
    def key(self) -> str:
        """Return the API key that its server knows."""
        return key_for(self.name)


_FAST = 'rate = "1000000/s"'  # the usual rate is that of a small account
# What a look-up does not know counts as not taken after 12 s: the lag, and as long as a machine at
# a high load may need between claiming and calling.
_SETTLES = "settles_after = 12.0"
_HOUSES = (
    House(name="brevo", proof=Proof.KEY, batch_size=100, delay=0.25),
    House(name="resend", proof=Proof.KEY, batch_size=100, delay=0.25, settings=_FAST),
    House(
        name="postmark",
        proof=Proof.LOOK_UP,
        batch_size=100,
        delay=0.25,
        lag=1.5,
        settings=_SETTLES,
    ),
    House(
        name="mailgun",
        proof=Proof.LOOK_UP,
        batch_size=100,
        delay=0.25,
        lag=1.5,
        settings=f'domain = "example.org"\n{_SETTLES}',
    ),
    House(
        name="ses",
        proof=Proof.NOTHING,
        batch_size=50,
        delay=0.1,
        settings=f'region = "eu-north-1"\n{_FAST}',
    ),
    House(name="smtp", proof=Proof.NOTHING, batch_size=20),  # more it does not take in a call
)
HOUSES = {house.name: house for house in _HOUSES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of rounds."""

    name: str
    story: str  # one of `stories.STORIES`
    houses: tuple[str, ...]  # taken in turn
    rounds: int  # unless told otherwise
    is_shared: bool = False  # the ledger is a PostgreSQL, and two workers serve it

    def house(self, number: int) -> House:
        """Return the provider of a round."""
        return HOUSES[self.houses[number % len(self.houses)]]


# At least 300 sends are killed, those not counted whose end came before the kill.
_KINDS = (
    Kind(name="brevo", story="kill", houses=("brevo",), rounds=90),
    Kind(name="resend", story="kill", houses=("resend",), rounds=30),
    Kind(name="postmark", story="kill", houses=("postmark",), rounds=90),
    Kind(name="mailgun", story="kill", houses=("mailgun",), rounds=30),
    Kind(name="ses", story="kill", houses=("ses",), rounds=90),
    Kind(name="smtp", story="kill", houses=("smtp",), rounds=30),
    Kind(name="sigterm", story="sigterm", houses=("ses", "brevo", "postmark"), rounds=20),
    Kind(name="two", story="two", houses=("brevo", "ses", "postmark"), rounds=20),
    Kind(
        name="workers",
        story="workers",
        houses=("brevo", "postmark", "ses"),
        rounds=10,
        is_shared=True,
    ),
    Kind(
        name="postgres",
        story="postgres",
        houses=("brevo", "ses", "postmark"),
        rounds=10,
        is_shared=True,
    ),
    Kind(
        name="jobs",
        story="jobs",
        houses=("brevo", "postmark", "mailgun"),
        rounds=200,
        is_shared=True,
    ),
    Kind(name="jobs-file", story="jobs", houses=("brevo", "postmark", "mailgun"), rounds=60),
)
KINDS = {kind.name: kind for kind in _KINDS}
