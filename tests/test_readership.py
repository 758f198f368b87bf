"""A reader of the list is shown in the preview what the plan sends them."""

import datetime as dt
from dataclasses import replace

import pytest

from newsletter import pipeline
from newsletter.errors import StalePlanError
from newsletter.ledger import list_readers, open_ledger, people
from newsletter.mailing import freeze_test
from newsletter.model import Subscriber
from newsletter.plans import Addressees, choice_of, variant_for
from newsletter.preview.proofs import Proofs
from newsletter.preview.readers import find_persona
from newsletter.settings import load_settings
from tests.conftest import ISSUE, Site

LANGUAGES = ("fi", "sv", "swe", "sv_FI", "sv-SE", "Svenska", "ruotsi", "en", "", "x-y", "FI")
JOINED = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
REGION = "\n::: only region=Lappi\nTerveisiä!\n:::\n"


@pytest.mark.parametrize("translations", [("sv",), ("sv-FI",), ("sv", "sv-FI"), ()])
def test_preview_plan_and_test_choose_the_same_variant(
    site: Site, translations: tuple[str, ...]
) -> None:
    site.write("issues/2026-06.md", ISSUE + REGION)
    for language in translations:
        site.write(f"issues/2026-06.{language}.md", ISSUE)
    proof = Proofs(load_settings(site.root)).take("2026-06")
    ledger = open_ledger(site.root / "l.db")

    for number, written in enumerate(LANGUAGES):
        person = Subscriber(
            address=f"p{number}@example.org",
            key=f"k{number}",
            language=written,
            attributes={"region": "Lappi" if number % 2 else ""},
        )
        with ledger.write() as connection:
            people.add_subscribers(connection, [person], JOINED)
        segment = choice_of(proof.manuscript, zone=proof.settings.zone)
        with ledger.read() as connection:
            chosen = {
                variant
                for variant, keys in list_readers(connection, segment).items()
                if hash(person.key) in keys
            }

        shown = find_persona(proof, f"subscriber:{person.address}", ledger).variant

        assert chosen == {shown} == {variant_for(proof.manuscript, person, proof.settings.zone)}, (
            written
        )
    ledger.close()


def test_a_test_freezes_only_an_edition_that_was_checked(site: Site) -> None:
    site.write("issues/2026-06.md", ISSUE + REGION)
    settings, now = load_settings(site.root), dt.datetime(2026, 6, 15, tzinfo=dt.UTC)
    ledger = open_ledger(site.root / "l.db")
    with ledger.write() as connection:
        people.add_subscribers(connection, [Subscriber(address="p@example.org", key="k")], now)
    stranger = ["me@example.org"]  # who gets all blocks, which nobody on the list does

    manuscript, tests = pipeline.read(settings, "2026-06"), Addressees(tests=tuple(stranger))
    unchecked = pipeline.plan(settings, manuscript, ledger, now=now)
    checked = pipeline.plan(settings, manuscript, ledger, tests, now=now)

    with pytest.raises(StalePlanError):
        freeze_test(settings, replace(unchecked, tests=checked.tests), ledger, now)
    assert variant_for(checked.manuscript, None, settings.zone) in checked.editions
    assert freeze_test(settings, checked, ledger, now).is_test
    ledger.close()
