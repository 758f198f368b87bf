"""The nouns of a mailbox: how it is reached, and how far it was read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a mailbox is reached."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    folder: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)  # of a sign-in in the browser, instead
    timeout: float = 30.0  # seconds of silence

    @property
    def name(self) -> str:
        """Return the name that the mailbox is remembered by."""
        return f"{self.username}@{self.host}/{self.folder}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a mailbox was read (RFC 9051, section 2.3.1.1)."""

    validity: int  # UIDVALIDITY: with another one, all numbers are new
    uid: int  # of the last mail that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Generic[T]):
    """What is new in a mailbox."""

    mails: Sequence[T]
    cursor: Cursor  # after these
    skipped: int = 0  # older ones, of a mailbox that was never read before
    refused: Sequence[int] = ()  # numbers of those that the server does not give out
    is_reset: bool = False  # the server numbers its mails anew
    is_whole: bool = True  # there are no further ones
