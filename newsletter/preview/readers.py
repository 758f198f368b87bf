"""The readers an issue can be seen as: difficult ones, one for each segment, real subscribers."""

from collections.abc import Mapping

from newsletter.errors import UsageError
from newsletter.language import say
from newsletter.ledger import Ledger, people
from newsletter.model import Persona, Variant
from newsletter.personas import persona_for, personas_of
from newsletter.plans import variant_for
from newsletter.preview.proofs import Proof, reader_of

_SUBSCRIBER = "subscriber:"


def list_personas(proof: Proof, ledger: Ledger | None) -> list[Persona]:
    """Return the readers to try: all difficult ones of each language, one for each segment."""
    fullest = proof.manuscript.variants()
    found = []
    for variant in proof.variants():
        readers = _personas(proof, variant, ledger)
        found += readers if variant in fullest else readers[:1]
    return found


def find_persona(proof: Proof, reader: str, ledger: Ledger | None) -> Persona:
    """Return the reader with a name, or else the first; raise UsageError for an unknown one."""
    if reader.startswith(_SUBSCRIBER):
        return _subscriber(proof, reader.removeprefix(_SUBSCRIBER), ledger)
    named, _, id = reader.rpartition(":")
    variants = proof.variants()
    variant = next((v for v in variants if str(v) == named), variants[0])
    personas = _personas(proof, variant, ledger if id == "longest" else None)
    return next((p for p in personas if p.id == id), personas[0])


def fullest_persona(proof: Proof, language: str) -> Persona:
    """Return the first reader of a language who sees every block."""
    fullest = proof.manuscript.variants()
    variant = next((v for v in fullest if v.language == language), fullest[0])
    return _personas(proof, variant, None)[0]


def search_subscribers(ledger: Ledger | None, letters: str) -> list[dict[str, str]]:
    """Return subscribers with some letters in their address or name, for the page."""
    if ledger is None or not letters.strip():
        return []
    with ledger.read() as connection:
        found = people.search_subscribers(connection, letters.strip())
    return [
        {
            "reader": f"{_SUBSCRIBER}{person.address}",
            "name": person.name,
            "address": person.address,
            "language": person.language,
        }
        for person in found
    ]


def describe_personas(proof: Proof, personas: list[Persona]) -> list[dict[str, object]]:
    """Return the readers as the page lists them."""
    several = len(proof.manuscript.issues) > 1
    return [
        {
            "reader": reader_of(persona),
            "id": persona.id,
            "language": persona.variant.language if several else "",
            "segment": " + ".join(str(c) for c in sorted(persona.variant.met)),
        }
        for persona in personas
    ]


def _personas(proof: Proof, variant: Variant, ledger: Ledger | None) -> list[Persona]:
    edition = proof.edition(variant)
    return personas_of({variant: edition}, longest=_longest(proof, ledger, variant))


def _longest(proof: Proof, ledger: Ledger | None, variant: Variant) -> Mapping[str, str]:
    names = {slot.name for slot in proof.manuscript.issues[variant.language].slots}
    if ledger is None or not names:
        return {}
    with ledger.read() as connection:
        return people.longest_values(connection, names)


def _subscriber(proof: Proof, address: str, ledger: Ledger | None) -> Persona:
    person = None
    if ledger:
        with ledger.read() as connection:
            person = people.find_subscriber(connection, address)
    if person is None:
        raise UsageError(say("“{address}” is not on the list", address=address))
    return persona_for(person, variant_for(proof.manuscript, person, proof.settings.zone))
