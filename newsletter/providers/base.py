"""What every provider is: its capabilities, the calls it takes, the receipts it gives."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import requests

from newsletter.errors import ProviderError, Verdict
from newsletter.model import Call, Figures, Outcome

# What a failed request says when not a byte of it was sent.
_REFUSED = ("NewConnectionError", "NameResolutionError", "CERTIFICATE_VERIFY_FAILED")
_NEVER_SENT = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    UnicodeEncodeError,
)
TIMEOUT = (10, 60)  # seconds to connect, seconds between two bytes of the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSyntax:
    """How a provider's own template language names a placeholder, and what it would misread."""

    before: str
    after: str
    hazard: re.Pattern[str]  # text that looks like the beginning of its syntax
    hazard_name: str  # placeholder that stands for the hazard ...
    hazard_value: str  # ... and what it stands for

    def placeholder(self, name: str) -> str:
        """Return the placeholder for a value."""
        return f"{self.before}{name}{self.after}"

    def protect(self, text: str) -> str:
        """Return text that the provider's template language leaves as it is."""
        return self.hazard.sub(self.placeholder(self.hazard_name).replace("\\", r"\\"), text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do; what an issue needs beyond it is an error before sending."""

    batch_size: int  # recipients of one call
    batch_bytes: int = 0  # of all merge parameters of one call; 0 means no limit
    merge: MergeSyntax | None = None  # None: messages are handed over whole, as MIME
    idempotency_window: float = 0  # seconds in which a repeated call is not sent twice
    look_up: bool = False  # can tell afterwards which messages of a call it took
    inline_pictures: bool = False  # carries pictures inside the mail
    statistics: bool = False  # tells figures per tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an adapter needs to know to be opened."""

    folder: Path  # of the local outbox
    base_url: str = ""  # replaces the API's own root
    api_key: str = field(default="", repr=False)


class Provider(ABC):
    """An adapter. It is open until closed, and used by one thread at a time."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    secret: ClassVar[str] = ""  # environment variable of its key; empty if it needs none

    @abstractmethod
    def __init__(self, options: Options) -> None: ...

    @abstractmethod
    def send(self, call: Call) -> tuple[Outcome, ...]:
        """Hand over a batch; raise ProviderError, whose verdict says what is then true."""

    def look_up(self, call: Call, since: dt.date, until: dt.date) -> Mapping[str, str]:
        """Return the message ids, by address, of those messages of a call that were taken."""
        raise NotImplementedError(self.name)

    def figures(self, tag: str, since: dt.date, until: dt.date) -> Figures:
        """Return what the provider knows of the messages with a tag; raise ProviderError."""
        raise NotImplementedError(self.name)

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of what is held open."""


class HttpProvider(Provider):
    """A provider behind an HTTP API: session, time-outs and what an answer's status means."""

    root: ClassVar[str]  # of the API
    # Statuses with one meaning everywhere; an adapter may know better.
    verdicts: ClassVar[Mapping[int, Verdict]] = {
        401: Verdict.STOP,
        402: Verdict.STOP,
        403: Verdict.STOP,
        404: Verdict.STOP,
        405: Verdict.STOP,
        406: Verdict.STOP,
        407: Verdict.STOP,
        408: Verdict.UNKNOWN,
        409: Verdict.UNKNOWN,
        421: Verdict.STOP,
        425: Verdict.UNKNOWN,
        429: Verdict.RETRY,
        431: Verdict.STOP,
        451: Verdict.STOP,
        499: Verdict.UNKNOWN,
    }

    def __init__(self, options: Options) -> None:
        self._root = options.base_url or self.root
        self._session = requests.Session()  # its adapters never repeat a POST
        self._session.headers["User-Agent"] = "newsletter (+https://pypi.org/project/newsletter/)"

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Make one request; raise ProviderError for anything but a 2xx answer."""
        try:
            response = self._session.request(
                method, f"{self._root}{path}", timeout=TIMEOUT, allow_redirects=False, **options
            )
        except requests.ConnectTimeout as err:
            raise self._error(f"cannot reach {self._root}: no answer", Verdict.RETRY) from err
        except _NEVER_SENT as err:
            # The text of these errors would show the key.
            told = f"cannot be asked: {type(err).__name__}; check its key and base_url"
            raise self._error(told, Verdict.STOP) from err
        except requests.ConnectionError as err:
            # Refused before a byte was sent, or broken off after: only the first is certain.
            refused = any(sign in repr(err) for sign in _REFUSED)
            verdict = Verdict.RETRY if refused else Verdict.UNKNOWN
            told = "cannot reach" if refused else "lost the connection to"
            raise self._error(f"{told} {self._root}: {_root_cause(err)}", verdict) from err
        except requests.RequestException as err:
            raise self._error(f"no answer from {self._root}: {err}", Verdict.UNKNOWN) from err
        if not response.ok or response.is_redirect:
            raise self.refusal(response)
        return response

    def refusal(self, response: requests.Response) -> ProviderError:
        """Return the error an answer with this status means."""
        status = response.status_code
        default = Verdict.UNKNOWN if status >= 500 else Verdict.REJECT
        return self._error(
            f"answered {status}: {self.explain(response)}",
            Verdict.STOP if response.is_redirect else self.verdicts.get(status, default),
            status=status,
            retry_after=seconds(response.headers.get("Retry-After", "")),
        )

    def explain(self, response: requests.Response) -> str:
        """Return the provider's words about a refusal, in one line."""
        return one_line(response.text) or str(response.reason)

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def _error(self, message: str, verdict: Verdict, **facts: Any) -> ProviderError:
        return ProviderError(f"{self.name} {message}", provider=self.name, verdict=verdict, **facts)


def seconds(retry_after: str) -> float | None:
    is_number = retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 10
    return float(retry_after) if is_number else None


def one_line(text: str) -> str:
    """Return a provider's words fit for a terminal and the ledger: one short line."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:200]


def _root_cause(err: BaseException) -> str:
    cause = err.args[0] if err.args else err
    return str(getattr(cause, "reason", cause)).rpartition(": ")[2]
