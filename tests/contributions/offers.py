"""What people send in, and pictures that are none, for tests."""

import datetime as dt
import io
import struct
import zipfile
import zlib

from PIL import Image

from newsletter.consent import Filled, Step, stamp_form, word_publication
from newsletter.contributions import Admission, Offer, Quotas, Receipt, receive
from newsletter.ledger import Ledger, contributions
from newsletter.model import Contribution, ContributionKind

SECRET = "nobody guesses this"  # noqa: S105 - of tests
NOW = dt.datetime(2026, 12, 15, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WORDING = word_publication("fi", title="Kirje")
_GPS, _NORTH = 0x8825, 1


def offer(
    text: str = "Kokeilimme uutta.",
    *,
    picture: bytes = b"",
    network: str = "192.0.2.0/24",
    neighbourhood: str = "",
    proof: str = "",
    is_patient: bool = False,
    now: dt.datetime = NOW,
    **values: object,
) -> Offer:
    """Return what somebody typed, a minute after they opened the form."""
    given: dict[str, object] = {
        "kind": ContributionKind.NEWS,
        "received_at": now,
        "name": "Aino Esimerkki",
        "address": "aino@example.org",
        "language": "fi",
        "title": "Työpajan kuulumiset",
        "text": text,
        "wording": WORDING.digest,
        "digest": "",
        "picture_words": "Työpaja" if picture else "",
    }
    stamp = stamp_form(SECRET, Step.FIRST, now - MINUTE)
    return Offer(
        contribution=Contribution(**(given | values)),  # type: ignore[arg-type]
        picture=picture,
        wording=WORDING,
        filled=Filled(
            stamp=stamp,
            address="aino@example.org",
            network=network,
            neighbourhood=neighbourhood or network,
            is_patient=is_patient,
        ),
        proof=proof,
    )


def send_in(
    ledger: Ledger, sent: Offer | None = None, quotas: Quotas | None = None, now: dt.datetime = NOW
) -> Receipt:
    """Send something in."""
    return receive(ledger, sent or offer(), quotas or Quotas(), secret=SECRET, now=now)


def only(ledger: Ledger) -> Contribution:
    """Return the one thing that was sent in."""
    [found] = kept(ledger)
    return found


def kept(ledger: Ledger) -> list[Contribution]:
    """Return what was sent in, as the editor sees it."""
    with ledger.read() as connection:
        return contributions.list_contributions(connection)


def taken(ledger: Ledger, sent: Offer, quotas: Quotas | None = None) -> bool:
    """Return whether something was taken in."""
    return send_in(ledger, sent, quotas).admission is Admission.TAKEN


# --- pictures, and what is called one -----------------------------------------------------


def photograph(width: int = 2400, height: int = 1600) -> bytes:
    """Return a JPEG as a phone takes it: with the place where it was taken."""
    image = Image.effect_noise((width, height), 90).convert("RGB")
    exif = Image.Exif()
    exif.get_ifd(_GPS)[_NORTH] = "N"
    exif[0x010F] = "Example Phone"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb(side: int = 50_000) -> bytes:
    """Return some hundred bytes that say they are a picture of 2.5 thousand megapixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def archive() -> bytes:
    """Return a zip, whatever it is called."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("invoice.exe", "MZ")
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100
