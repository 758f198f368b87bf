"""A provider behind an HTTP API: one session, timeouts, and what each answer means."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any, ClassVar

import requests

from newsletter.errors import ProviderError, Verdict
from newsletter.language import Wording, reason_of_network, say, say_list
from newsletter.model import Call, Figures
from newsletter.net import Exchange, ask, new_session, read_body
from newsletter.providers.base import Greeting, Options, Provider, one_line

# The cause of a failed request of which not a byte was sent.
_REFUSED = (
    "NewConnectionError",
    "NameResolutionError",
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
)
_NEVER_SENT = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    UnicodeEncodeError,
)
_LONGEST_WAIT = 366 * 86_400.0  # seconds; a longer wait has the same effect
_LARGEST_FIGURE = 2**53  # that JSON represents exactly
_FIRST_WORDS = 80  # characters shown of an unreadable answer
_CONNECT_TIMEOUT = 10.0  # seconds
# HTTPS_PROXY is honoured; plain HTTP reaches only this machine, and never carries a key through a
# proxy.
_PROXIES = {"http": ""}
_SLOWEST = 32 * 1024  # bytes a second that the editor's own line carries at least
_LONGEST_ANSWER = 64 * 1024 * 1024  # bytes


_Method = Callable[..., Any]
# What code raises when it reads a list as an object, a word as a number, or a missing field.
_MISREAD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of an API."""

    status: int
    reason: str
    headers: Mapping[str, str]  # by name in any case
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """Return the body parsed as JSON; None if it is invalid."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """Return the JSON object in the body; an empty one for anything else."""
        value = self.json
        return value if isinstance(value, dict) else {}

    def rows(self, name: str = "", *, count: int | None = None) -> list[Any]:
        """Return the list in the body, or in its field with a name; raise TypeError for another."""
        rows = self.fields.get(name) if name else self.json
        if not isinstance(rows, list) or count not in (None, len(rows)):
            raise TypeError(f"no such list {name}")
        return rows

    @property
    def words(self) -> str:
        """Return the body as one line fit for a terminal."""
        return one_line(self.body[:4000].decode("utf-8", "replace"))


class HttpProvider(Provider):
    """A provider behind an HTTP API: session, timeouts and the meaning of each status.

    Whatever shape an answer has, an adapter ends in outcomes or in a ProviderError: an answer that
    makes its methods fail counts as unreadable.
    """

    secret = "NEWSLETTER_API_KEY"  # noqa: S105 - the name of the variable, not its value
    root: ClassVar[str]  # of the API
    account: ClassVar[str] = ""  # what tells about the account, by a GET that costs nothing
    # Statuses with one meaning everywhere; an adapter may know better.
    verdicts: ClassVar[Mapping[int, Verdict]] = {
        **dict.fromkeys((401, 402, 403, 404, 405, 406, 407, 415, 421, 431, 451), Verdict.STOP),
        **dict.fromkeys((408, 409, 425, 499), Verdict.UNKNOWN),
        429: Verdict.RETRY,
    }
    # The provider's own codes for faults, if they say more than the status: those that are ours and
    # no reader's, each with its cure, and others. Then cures by code, or by status as a string.
    ours: ClassVar[Mapping[str, Wording | None]] = {}
    codes: ClassVar[Mapping[str, Verdict]] = {}
    cures: ClassVar[Mapping[str, Wording]] = {}
    limit_ends: ClassVar[str] = ""  # its own header with the seconds until calls are taken again

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, guard in _GUARDS.items():
            if name in vars(cls):
                setattr(cls, name, guard(vars(cls)[name]))

    def __init__(self, options: Options) -> None:
        self.options = options
        self._root = options.base_url or self.root
        self._session = new_session(by_environment=True)  # its adapters never repeat a POST
        self._session.headers["User-Agent"] = "newsletter (+https://pypi.org/project/newsletter/)"
        self._session.headers["Accept"] = "application/json"
        self._last: Answer | None = None  # for the report of an unreadable answer

    def greet(self) -> Greeting:
        """Ask the account about itself."""
        answer = self.ask_account()
        return Greeting(caveats=tuple(self.caveats(answer)), at=date_of(answer))

    def ask_account(self) -> Answer:
        """Ask what only the account itself is told."""
        return self.request("GET", self.account)

    def caveats(self, answer: Answer) -> Iterator[Wording]:
        """Yield what an account says of itself that keeps it from mailing readers."""
        del answer
        yield from ()

    def post(self, path: str, call: Call, **options: Any) -> Answer:
        """Post the body of a call."""
        headers = {"Content-Type": call.content_type, **options.pop("headers", {})}
        return self.request("POST", path, data=call.body, headers=headers, **options)

    def request(self, method: str, path: str, **options: Any) -> Answer:
        """Make one request; raise ProviderError for anything but a 2xx answer.

        `path` is below the API's root, or a whole URL of the same host.
        """
        self._last = None
        url = path if path.startswith(self._root) else f"{self._root}{path}"
        try:
            answer = self._ask(method, url, options)
        except requests.ConnectTimeout as err:
            fault = say("cannot reach {url}: no answer", url=self._root)
            raise self.error(fault, Verdict.RETRY) from err
        except _NEVER_SENT as err:
            # The text of these errors would show the key.
            kind = type(err).__name__
            fault = say("cannot be asked: {kind}; check its key and base_url", kind=kind)
            raise self.error(fault, Verdict.STOP) from err
        except requests.ConnectionError as err:
            # Refused before a byte was sent, or broken off after: only the first is certain.
            refused = any(sign in repr(err) for sign in _REFUSED)
            reason = reason_of_network(_root_cause(err))
            if refused:
                fault = say("cannot reach {url}: {reason}", url=self._root, reason=reason)
                raise self.error(fault, Verdict.RETRY) from err
            fault = say("lost the connection to {url}: {reason}", url=self._root, reason=reason)
            raise self.error(fault, Verdict.UNKNOWN) from err
        except requests.RequestException as err:
            reason = reason_of_network(str(err))
            fault = say("no answer from {url}: {reason}", url=self._root, reason=reason)
            raise self.error(fault, Verdict.UNKNOWN) from err
        if not 200 <= answer.status < 300:
            raise self.refusal(answer)
        return answer

    def _ask(self, method: str, url: str, options: dict[str, Any]) -> Answer:
        """Make a request and read the whole answer, however slowly it arrives, within a limit."""
        silence = self.options.timeout  # seconds between two bytes
        upload = len(options.get("data") or b"") / _SLOWEST
        request = requests.Request(method, url, **options)
        with (
            Exchange(_CONNECT_TIMEOUT + upload + 2 * silence),
            ask(
                self._session, request, timeout=(_CONNECT_TIMEOUT, silence), proxies=_PROXIES
            ) as response,
        ):
            body = read_body(response, _LONGEST_ANSWER)
            if body is None:
                raise requests.ReadTimeout("the answer does not end")
            self._last = Answer(
                status=response.status_code,
                reason=str(response.reason),
                headers=response.headers,
                body=body,
            )
        return self._last

    def delete(self, path: str, **options: Any) -> None:
        """Delete something; that it is not there is as good."""
        try:
            self.request("DELETE", path, **options)
        except ProviderError as err:
            if err.status != 404:
                raise

    def refusal(self, answer: Answer) -> ProviderError:
        """Return the error that an answer with this status means, with the cure if one is known."""
        status, code = answer.status, self.code(answer)
        default = Verdict.UNKNOWN if status >= 500 else Verdict.REJECT
        verdict = Verdict.STOP if status < 400 else self.verdicts.get(status, default)
        cure = self.ours.get(code) or self.cures.get(code) or self.cures.get(str(status))
        words = self.explain(answer) or answer.words or answer.reason
        said = say("answered {status}: {words}", status=status, words=words)
        return self.error(
            say_list((said, cure), "; ") if cure else said,
            Verdict.STOP if code in self.ours else self.codes.get(code, verdict),
            status=status,
            code=code,
            retry_after=self.wait(answer),
        )

    def code(self, answer: Answer) -> str:
        """Return the provider's own code for a fault."""
        return one_line(str(answer.fields.get("code", "")))

    def explain(self, answer: Answer) -> str:
        """Return the provider's words about a refusal, in one line."""
        return one_line(str(answer.fields.get("message") or ""))

    def wait(self, answer: Answer) -> float | None:
        """Return the seconds an answer asks to wait; a date counts by the provider's clock."""
        now = date_of(answer)
        asked = seconds(answer.headers.get("Retry-After", ""), now)
        if asked is None and answer.status == 429:
            return seconds(answer.headers.get(self.limit_ends, ""))
        return asked

    def unreadable(self, verdict: Verdict = Verdict.UNKNOWN) -> ProviderError:
        """Return the error for an answer of unknown shape; after a call it leaves doubt."""
        last = self._last
        if last is None:
            return self.error(say("answered something unreadable"), verdict)
        words = f"{last.status} {last.words[:_FIRST_WORDS]}".rstrip()
        return self.error(say("answered something unreadable: {words}", words=words), verdict)

    def error(self, fault: Wording, verdict: Verdict, **facts: Any) -> ProviderError:
        """Return an error of this provider."""
        words = say("{provider} {fault}", provider=self.name, fault=fault)
        return ProviderError(words, provider=self.name, verdict=verdict, **facts)

    def close(self) -> None:
        """Close the session."""
        self._session.close()


def _reading(verdict: Verdict) -> Callable[[_Method], _Method]:
    """Return a decorator that raises ProviderError for an answer that makes a method fail."""

    def guard(method: _Method) -> _Method:
        @wraps(method)
        def read(self: HttpProvider, *arguments: Any) -> Any:
            try:
                return _checked(self, method(self, *arguments))
            except _MISREAD as err:
                raise self.unreadable(verdict) from err

        return read

    return guard


def _reading_each(method: _Method) -> _Method:
    """Return the same for a method that yields what it reads."""

    @wraps(method)
    def read(self: HttpProvider, *arguments: Any) -> Iterator[Any]:
        try:
            yield from method(self, *arguments)
        except _MISREAD as err:
            raise self.unreadable(Verdict.RETRY) from err

    return read


def _checked(provider: HttpProvider, result: Any) -> Any:
    """Return what a method read; figures that are not counts become unknown."""
    if isinstance(result, Mapping) and not all(
        isinstance(text, str) for pair in result.items() for text in pair
    ):
        raise provider.unreadable(Verdict.RETRY)
    if not isinstance(result, Figures):
        return result
    known = {each.name: getattr(result, each.name) for each in fields(result)}
    wrong = {n: None for n, count in known.items() if not _is_count(count)}
    return replace(result, **wrong)


def told_in(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int | None]:
    """Return our figures in a provider's words; raise ValueError where none of them is a count."""
    told = {ours: said.get(theirs) for ours, theirs in names.items()}
    if not any(map(_is_count, told.values())):
        raise ValueError("no figures")
    return told


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _LARGEST_FIGURE


_GUARDS = {
    "send": _reading(Verdict.UNKNOWN),
    "look_up": _reading(Verdict.RETRY),
    "figures": _reading(Verdict.RETRY),
    "visits": _reading_each,
    "cancel": _reading(Verdict.RETRY),
    "departures": _reading_each,
    "suppressed": _reading_each,
    "suppress": _reading(Verdict.RETRY),
    "unsuppress": _reading(Verdict.RETRY),
}


def pages(ask: Callable[[int], list[Any]], size: int, most: int) -> Iterator[Any]:
    """Yield rows page by page, asked for by offset, until one is not full; at most so many."""
    for page in range(most):
        rows = ask(page * size)
        yield from rows
        if len(rows) < size:
            return


def date_of(answer: Answer) -> dt.datetime | None:
    """Return when an answer was given, by the provider's clock."""
    return _date(answer.headers.get("Date", ""))


def seconds(retry_after: str, now: dt.datetime | None = None) -> float | None:
    """Return the seconds of a Retry-After, given as a number or a date (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", retry_after):
        return min(float(retry_after), _LONGEST_WAIT)
    then = _date(retry_after)
    if then is None:
        return None
    wait = (then - (now or dt.datetime.now(dt.UTC))).total_seconds()
    return min(max(0.0, wait), _LONGEST_WAIT)


def _date(text: str) -> dt.datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def _root_cause(err: BaseException) -> str:
    cause = err.args[0] if err.args else err
    return str(getattr(cause, "reason", cause)).rpartition(": ")[2]
