"""What the form for signing up asks, and what of it was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from newsletter.addresses import check_address
from newsletter.consent import TRAP, Filled, Limits, neighbourhood_of, network_of
from newsletter.errors import AudienceError
from newsletter.language import Wording, say
from newsletter.model import Tracking
from newsletter.net import holds_address

_LONGEST_NAME = 100
_LONGEST_ADDRESS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One more thing that is asked for, chosen from a list."""

    name: str  # the attribute that it becomes
    labels: Mapping[str, str]  # by language
    choices: Sequence[str]
    is_required: bool

    @property
    def field(self) -> str:
        """Return the name of its field."""
        return f"field-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpForm:
    """The form of a newsletter."""

    is_open: bool = True
    asks_name: bool = False
    languages: Sequence[str] = ()  # of the newsletter, to choose from; none: there is no choice
    questions: Sequence[Question] = ()
    asks_tracking: bool = False
    privacy_url: str = ""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody filled in, and what is wrong with it."""

    address: str
    language: str  # of the newsletter
    values: Mapping[str, str]  # attributes, and the name
    tracking: Tracking
    errors: Mapping[str, Wording]  # by field


def read_entry(form: SignUpForm, given: Mapping[str, str], *, language: str) -> Entry:
    """Return what was filled in; whatever the form did not ask for is not read."""
    address, error = read_address(given)
    errors = {"email": error} if error else {}
    values = dict(read_values(form, given))
    missing = [q for q in form.questions if q.is_required and q.name not in values]
    errors |= {question.field: say("Choose one.") for question in missing}
    name = " ".join(given.get("name", "").split())[:_LONGEST_NAME]
    if form.asks_name and holds_address(name, also_bare=True):
        errors["name"] = say("Write it without an address of the web.")
    elif form.asks_name and name and name.isprintable():
        values["name"] = name
    chosen = given.get("language", "")
    return Entry(
        address=address,
        language=chosen if chosen in form.languages else language,
        values=values,
        tracking=_read_tracking(form, given),
        errors=errors,
    )


def read_address(given: Mapping[str, str]) -> tuple[str, Wording | None]:
    """Return the address that was typed, and what is wrong with it; no name server is asked."""
    typed = given.get("email", "").strip()[:_LONGEST_ADDRESS]
    if not typed:
        return typed, say("Write your address.")
    try:
        return check_address(typed), None
    except AudienceError as err:
        return typed, err.words


def read_values(form: SignUpForm, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the answers to the form's questions, of those it offers."""
    answers = {question.name: given.get(question.field, "") for question in form.questions}
    offered = {question.name: question.choices for question in form.questions}
    return {name: value for name, value in answers.items() if value in offered[name]}


def filled_of(request: Request, given: Mapping[str, str], address: str) -> Filled:
    """Return what tells whether a person filled in a form."""
    host = request.client.host if request.client else ""
    return Filled(
        stamp=given.get("stamp", ""),
        trap=given.get(TRAP, ""),
        address=address,
        network=network_of(host),
        neighbourhood=neighbourhood_of(host),
        is_patient=given.get("way") == "slow",
    )


def _read_tracking(form: SignUpForm, given: Mapping[str, str]) -> Tracking:
    if not form.asks_tracking:
        return Tracking.UNKNOWN
    return Tracking.GRANTED if given.get("tracking") == "yes" else Tracking.DENIED
