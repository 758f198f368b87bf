"""The mail of an issue as it was sent, whatever its file says by now."""

import datetime as dt
from dataclasses import replace

from newsletter.ledger import Ledger, sends
from newsletter.model import Edition, Persona, Specimen
from newsletter.personas import take_specimens
from newsletter.press import stationery_for
from newsletter.preview.proofs import Proof, reader_of


def sent_specimen(proof: Proof, persona: Persona, ledger: Ledger | None) -> Specimen | None:
    """Return a reader's mail as it was sent; None if the issue was sent to nobody.

    Its links are the author's own, as figures name them, wherever counting would lead them.
    """
    key = f"sent {reader_of(persona)}"
    with proof.lock:
        if key not in proof.specimens:
            edition = ledger and _sent_edition(proof, persona, ledger)
            if not edition:
                return None
            proof.on_rendered(edition)
            proof.specimens[key] = _copy_of(proof, persona, edition)
        return proof.specimens[key]


def is_changed(proof: Proof, sent: Specimen) -> bool:
    """Return whether the files would make another mail by now."""
    return sent.edition.digest != proof.edition(sent.persona.variant).digest


def _sent_edition(proof: Proof, persona: Persona, ledger: Ledger) -> Edition | None:
    """Return the edition that such a reader got; else one of their language, or any."""
    with ledger.read() as connection:
        send = sends.find_send(connection, proof.manuscript.lead.id)
        frozen = sends.list_editions(connection, send.id) if send else {}
        if not frozen:
            return None
        language = persona.variant.language
        own = [name for name in frozen if name.partition("+")[0] == language]
        named = str(persona.variant)
        chosen = named if named in frozen else next(iter(own or frozen))
        edition = sends.load_edition(connection, frozen[chosen])
    now = proof.edition(persona.variant)
    # The ledger does not keep where blocks begin; the same mail has them at the same places.
    return replace(edition, places=now.places) if edition.digest == now.digest else edition


def _copy_of(proof: Proof, persona: Persona, edition: Edition) -> Specimen:
    stationery = replace(stationery_for(proof.settings, proof.manuscript), counted=None)
    (made,) = take_specimens(
        proof.settings,
        stationery,
        {persona.variant: edition},
        [persona],
        now=dt.datetime.now(dt.UTC),
    )
    return made
