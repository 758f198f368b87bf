"""Links that carry a subscriber's key, signed so that nobody can forge one."""

import datetime as dt
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import quote

import idna
from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_encode

from newsletter.errors import LinkError, TamperedLinkError
from newsletter.language import say

# RFC 8058, section 3.1: the URI holds an opaque, hard-to-forge component.
_SALT = "newsletter.unsubscribe"
_PREFERENCES = "newsletter.preferences"  # who only has the other link sees nothing of these
_MEMBER = "newsletter.member"  # says who reads, and opens nothing that is kept of them
_SURVEY = "newsletter.survey"  # that a mail with it went to one person, to answer one survey
SURVEY_SLOT = "@survey:"  # and its id: a slot for the token of a reader's own link to it
ME = "me"  # the parameter by which a link of an issue says whose it is
_KEY_BYTES, _KEY_LETTERS = 12, 16
_START_BYTES = 3
_CODE_LETTERS = 24
_MEMBER_PART = re.compile(rf"([?&]){ME}=[\w-]{{1,60}}\.[\w-]{{1,60}}(&|(?=#|$))", re.ASCII)
_CUT = say("this link is not complete; copy it whole from the mail")


class PersonalLinks:
    """Makes addresses that are a subscriber's own, each with its own signature."""

    def __init__(self, beginning: str, secret: str, salt: str) -> None:
        """Derive and schedule the key once: doing so for every link takes longer than the rest."""
        self._beginning = beginning
        self._mac = hmac.new(_signer(secret, salt).derive_key(), digestmod="sha1")

    def link_for(self, key: str) -> str:
        """Return the address of the subscriber with this key."""
        mac = self._mac.copy()
        mac.update(key.encode())
        return f"{self._beginning}{key}.{base64_encode(mac.digest()).decode()}"


class UnsubscribeLinks(PersonalLinks):
    """Makes the addresses where subscribers can unsubscribe."""

    def __init__(self, public_url: str, secret: str) -> None:
        super().__init__(f"{public_url}/u/", secret, _SALT)


class PreferenceLinks(PersonalLinks):
    """Makes the addresses where subscribers see and change what is known of them."""

    def __init__(self, public_url: str, secret: str) -> None:
        super().__init__(f"{public_url}/p/", secret, _PREFERENCES)


class MemberLinks(PersonalLinks):
    """Makes the tokens by which links to meetings and surveys say who reads."""

    def __init__(self, secret: str) -> None:
        super().__init__("", secret, _MEMBER)


class SurveyLinks(PersonalLinks):
    """Makes the tokens by which somebody's own link to a survey proves that it was mailed to them.

    Links of issues say who reads, too, and are passed on: who has one may be somebody else.
    """

    def __init__(self, secret: str, survey_id: str) -> None:
        super().__init__("", secret, f"{_SURVEY}.{survey_id}")


def new_keys(count: int) -> list[str]:
    """Return new opaque, hard-to-guess keys for subscribers, of 96 bits each.

    Keys made together share a prefix, so that they are neighbours in an index, which is faster to
    write. The prefix reveals nothing, and is just as random.
    """
    start = base64_encode(secrets.token_bytes(_START_BYTES)).decode()
    letters = base64_encode(secrets.token_bytes(count * _KEY_BYTES)).decode()
    ends = range(_KEY_LETTERS, len(letters) + 1, _KEY_LETTERS)
    return [start + letters[end - _KEY_LETTERS : end] for end in ends]


def archive_url(public_url: str, issue_id: str, language: str) -> str:
    """Return the address where anyone can read the issue in a browser."""
    return f"{public_url}/{issue_id}?lang={language}"


def survey_url(public_url: str, survey_id: str, language: str, *, token: str = "") -> str:
    """Return the address where a survey is answered, by whose token it is."""
    own = f"{ME}={token}&" if token else ""
    return f"{public_url}/surveys/{survey_id}?{own}lang={language}"


def read_unsubscribe_token(secret: str, token: str) -> str:
    """Return the subscriber's key; raise TamperedLinkError if the token was not made by us."""
    return _read(secret, token, _SALT)


def read_preferences_token(secret: str, token: str) -> str:
    """Return the subscriber's key; raise TamperedLinkError if the token was not made by us."""
    return _read(secret, token, _PREFERENCES)


def read_member_token(secret: str, token: str) -> str:
    """Return the subscriber's key; raise TamperedLinkError if the token was not made by us."""
    return _read(secret, token, _MEMBER)


def read_survey_token(secret: str, survey_id: str, token: str) -> str:
    """Return whose it is; raise TamperedLinkError if it was not made by us for this survey."""
    return _read(secret, token, f"{_SURVEY}.{survey_id}")


def without_member(url: str) -> str:
    """Return the address of a link as everybody has it, whosever it is."""
    return _MEMBER_PART.sub(lambda found: found[1] if found[2] else "", url)


def member_in(query: str) -> str:
    """Return what a query says of who reads, as a whole parameter; empty if it says nothing."""
    found = _MEMBER_PART.search(f"?{query}")
    return found[0].strip("?&") if found else ""


def confirmation_url(public_url: str, key: str) -> str:
    """Return the address where a wish is confirmed; its key is random, and known by mail alone."""
    return f"{public_url}/c/{key}"


def meeting_url(public_url: str, meeting_id: str, language: str) -> str:
    """Return the address where anybody reads of a meeting, and registers."""
    return f"{public_url}/meetings/{quote(meeting_id)}?lang={language}"


def registration_url(public_url: str, key: str, act: str = "", *, language: str = "") -> str:
    """Return the address where somebody sees their registration; or a page for one act on it.

    Its key is random, and known by mail alone. Acts: "confirm", "accept", "decline" and "cancel".
    """
    asked = f"?lang={language}" if language else ""
    return f"{public_url}/m/{key}{'/' if act else ''}{act}{asked}"


def sign_note(secret: str, purpose: str, note: str) -> str:
    """Return a short text that a form carries, signed so that only we can have written it."""
    return _signer(secret, f"newsletter.{purpose}").sign(note).decode()


def read_note(secret: str, purpose: str, signed: str) -> str:
    """Return the text; raise TamperedLinkError if it was not signed by us for this purpose."""
    return _read(secret, signed, f"newsletter.{purpose}")


def write_door_pass(secret: str, meeting: str, day: dt.date) -> str:
    """Return what opens the page at the door of a meeting, as long as it is on that day."""
    return sign_note(secret, "door", f"{meeting}~{day.isoformat()}")


def read_door_pass(secret: str, written: str) -> tuple[str, str]:
    """Return meeting and day (ISO); raise TamperedLinkError if the pass was not made by us."""
    meeting, _, day = read_note(secret, "door", written).rpartition("~")
    return meeting, day


def door_code(secret: str, key: str) -> str:
    """Return the code by which a registration is known at the door, and nowhere else."""
    return fingerprint(secret, "came", key)[:_CODE_LETTERS]


def door_url(public_url: str, secret: str, key: str) -> str:
    """Return the address that the code of a registration leads to; with “.png” it is the code."""
    return f"{public_url}/came/{door_code(secret, key)}"


def fingerprint(secret: str, purpose: str, value: str) -> str:
    """Return what stands for a value where it must not be kept: nobody guesses it without us."""
    key = _signer(secret, f"newsletter.{purpose}").derive_key()
    return hmac.new(key, value.encode("utf-8", "replace"), "sha256").hexdigest()


class SuppressionMarks:
    """Tells what stands for an address of which nothing else is kept."""

    def __init__(self, secret: str) -> None:
        """Derive and schedule the key once: lists are long."""
        key = _signer(secret, "newsletter.suppressed").derive_key()
        self._mac = hmac.new(key, digestmod="sha256")

    def of(self, address: str) -> str:
        """Return the keyed hash of an address, in whatever way it is written."""
        mac = self._mac.copy()
        mac.update(_matched_form(address).encode("utf-8", "replace"))
        return mac.hexdigest()


def _matched_form(address: str) -> str:
    """Return the form in which addresses are the same for sure, whoever wrote them down.

    Signs in the local part stay: mailboxes that differ by a dot or a plus are different ones.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    with suppress(idna.IDNAError):
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    return f"{local}{at}{domain}".lower()


def _read(secret: str, token: str, salt: str) -> str:
    signer = _signer(secret, salt)
    try:
        key = signer.unsign(token).decode()
    except (BadSignature, UnicodeError) as err:
        raise TamperedLinkError(_CUT) from err
    # Base64 leaves two bits of its last character unused: only one spelling is ours.
    if not hmac.compare_digest(signer.sign(key), token.encode()):
        raise TamperedLinkError(_CUT)
    return key


def keys_in(secret: str, tokens: Iterable[str]) -> dict[str, str]:
    """Return the keys of subscribers that tokens of links to leave name; none for a forged one."""
    found = {}
    for token in tokens:
        try:
            found[token] = read_unsubscribe_token(secret, token)
        except LinkError:
            continue
    return found


def _signer(secret: str, salt: str) -> Signer:
    if not secret:
        raise LinkError(say("links are signed with NEWSLETTER_SECRET, which is empty"))
    return Signer(secret, salt=salt, sep=".", key_derivation="hmac")
