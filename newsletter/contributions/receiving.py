"""Taking in what somebody sends by a form: at once, after more effort, or not today.

    form --weigh--> picture read --weigh again--> in the ledger, counted, for the editor

Nobody is mailed: whoever typed an address need not be its owner. They are once the editor decides.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace

from newsletter.consent import Bound, Filled, challenge_for, take_proof
from newsletter.contributions.photographs import Photograph, read_photograph
from newsletter.contributions.quotas import (
    Admission,
    Entrance,
    Offered,
    Quotas,
    count_in,
    weigh,
)
from newsletter.language import Wording
from newsletter.ledger import Ledger, contributions, wishes
from newsletter.model import ConsentWording, Contribution

_FORM = "contribution"  # what a proof of work is bound to


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What somebody typed, checked, and the picture as they handed it in."""

    contribution: Contribution
    picture: bytes = field(default=b"", repr=False)
    wording: ConsentWording | None = None  # what they agreed to
    filled: Filled
    proof: str = ""  # of work, as the page's script gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an offer."""

    admission: Admission
    price: int = 0  # of a proof of work
    fault: Wording | None = None  # why its picture cannot be taken


def receive(
    ledger: Ledger, offer: Offer, quotas: Quotas, *, secret: str, now: dt.datetime
) -> Receipt:
    """Take in what somebody sends; the same twice is as good as once.

    No picture is decoded of whoever is over a limit.
    """
    size = len(offer.picture)
    with ledger.read() as connection:
        filled = replace(offer.filled, is_proved=bool(offer.proof))  # it is looked at below
        hoped = Offered(filled=filled, picture_bytes=size)
        entrance = weigh(connection, hoped, quotas, secret=secret, now=now)
    if entrance.admission is not Admission.TAKEN:
        return Receipt(admission=entrance.admission, price=entrance.price)
    photograph = read_photograph(offer.picture) if size else None
    if isinstance(photograph, Wording):
        return Receipt(admission=Admission.TAKEN, fault=photograph)
    entrance = _keep(ledger, offer, photograph, quotas, secret=secret, now=now)
    return Receipt(admission=entrance.admission, price=entrance.price)


def ask_for_work(secret: str, language: str, now: dt.datetime, *, price: int) -> str:
    """Return a challenge for the form in a language, in JSON, as a page hands it to its script."""
    return challenge_for(secret, Bound(form=_FORM, language=language), now, price=price)


def _keep(
    ledger: Ledger,
    offer: Offer,
    photograph: Photograph | None,
    quotas: Quotas,
    *,
    secret: str,
    now: dt.datetime,
) -> Entrance:
    new, data = offer.contribution, photograph.data if photograph else None
    bound = Bound(form=_FORM, language=new.language)
    with ledger.write() as connection:
        is_proved = take_proof(connection, secret, offer.proof, bound, now)
        filled = replace(offer.filled, is_proved=is_proved)
        offered = Offered(filled=filled, picture_bytes=len(data or b""))
        entrance = weigh(connection, offered, quotas, secret=secret, now=now)
        if entrance.admission is not Admission.TAKEN:
            return entrance
        if offer.wording:
            wishes.keep_wording(connection, offer.wording, now)
        new = replace(
            new,
            digest=_digest(new, data),
            picture_type=photograph.media_type if photograph else "",
            picture_bytes=len(data or b""),
            picture_words=new.picture_words if data else "",
            turn=entrance.turn,
            is_slow=entrance.is_slow,
        )
        if contributions.add_contribution(connection, new, data):
            count_in(connection, filled, is_slow=entrance.is_slow, secret=secret, now=now)
    return entrance


def _digest(new: Contribution, picture: bytes | None) -> str:
    """Return what is the same for a form that is sent twice."""
    typed = (new.kind, new.address.lower(), new.name, new.title, new.text, new.link)
    whole = "\0".join([*typed, new.dates, new.place, new.region, new.organisation])
    return hashlib.sha256(whole.encode() + b"\0" + (picture or b"")).hexdigest()
