"""What is accepted is material once, whatever kills the process; its sender is thanked once."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.consent.gates import mark_of
from newsletter.contributions import Decision, Shelf, accept, annotate, decline, look_up, mark
from newsletter.errors import UsageError
from newsletter.ledger import Ledger, contributions, wishes
from newsletter.model import ContributionKind, ContributionMail, ContributionState
from tests.contributions.offers import NOW, SECRET, kept, offer, only, photograph, send_in

DECISION = Decision(now=NOW, secret=SECRET)
REQUEST = ContributionKind.REQUEST


class KilledError(Exception):
    """The process ends here."""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where material of an issue goes."""
    return Shelf(folder=tmp_path / "material", issue="2027-01", head="# Material\n")


def test_news_becomes_material_with_its_picture_and_is_thanked_for(
    ledger: Ledger, shelf: Shelf
) -> None:
    send_in(ledger, offer(picture=photograph(300, 200)))

    accepted = accept(ledger, only(ledger).id, shelf, DECISION)

    text = shelf.path.read_text(encoding="utf-8")
    name = f"contribution-{accepted.mark}.jpg"
    assert text.startswith("# Material\n\n## Työpajan kuulumiset\n")
    assert f"![Työpaja](../material/2027-01/{name})" in text
    assert (shelf.folder / "2027-01" / name).read_bytes().startswith(b"\xff\xd8")
    assert "aino@example.org" not in text
    assert (accepted.state, accepted.issue) == (ContributionState.ACCEPTED, "2027-01")
    assert (accepted.mail, accepted.picture_bytes) == (ContributionMail.THANKS, 0)


def test_what_the_editor_has_written_there_stays(ledger: Ledger, shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.path.write_text("# Mine\n\nMy words", encoding="utf-8")
    send_in(ledger)

    accept(ledger, only(ledger).id, shelf, DECISION)

    assert shelf.path.read_text(encoding="utf-8").startswith("# Mine\n\nMy words\n\n## Työpajan")


@pytest.mark.parametrize(
    "killed_at",
    [
        "newsletter.contributions.deciding.replace_file",
        "newsletter.contributions.deciding.write_passage",
        "newsletter.contributions.deciding._note_written",
        "newsletter.ledger.contributions.drop_contributed_picture",
    ],
)
def test_killed_in_between_nothing_is_there_twice_and_nothing_is_lost(
    ledger: Ledger, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise KilledError

    send_in(ledger, offer(picture=photograph(300, 200)))
    id = only(ledger).id
    with monkeypatch.context() as patched:
        patched.setattr(killed_at, kill)
        with pytest.raises(KilledError):
            accept(ledger, id, shelf, DECISION)

    accept(ledger, id, shelf, DECISION)
    accept(ledger, id, shelf, DECISION)

    assert shelf.path.read_text(encoding="utf-8").count("Työpajan kuulumiset") == 1
    assert len(list((shelf.folder / "2027-01").iterdir())) == 1
    assert only(ledger).mail is ContributionMail.THANKS


def test_what_was_pruned_from_material_does_not_come_back(ledger: Ledger, shelf: Shelf) -> None:
    send_in(ledger)
    id = only(ledger).id
    accept(ledger, id, shelf, DECISION)
    shelf.path.write_text("# Material\n", encoding="utf-8")

    accept(ledger, id, shelf, DECISION)

    assert shelf.path.read_text(encoding="utf-8") == "# Material\n"


def test_what_was_decided_stays_so(ledger: Ledger, shelf: Shelf) -> None:
    send_in(ledger, offer("a"))
    send_in(ledger, offer("b"))
    send_in(ledger, offer("c", kind=REQUEST))
    news, other, request = (one.id for one in sorted(kept(ledger), key=lambda one: one.id))
    accept(ledger, news, shelf, DECISION)
    decline(ledger, [other], DECISION)

    for refused, says in (
        (lambda: accept(ledger, news, replace(shelf, issue="2027-02"), DECISION), "2027-01"),
        (lambda: accept(ledger, other, shelf, DECISION), "declined"),
        (lambda: accept(ledger, request, shelf, DECISION), "it is a request"),
        (lambda: decline(ledger, [news], DECISION), "accepted for an issue"),
        (lambda: mark(ledger, news, ContributionState.DONE, DECISION), "it is news"),
        (lambda: look_up(ledger, 99), "no contribution 99"),
    ):
        with pytest.raises(UsageError) as error:
            refused()
        assert says in str(error.value)


def test_declining_deletes_the_picture_and_mails_only_if_wished(ledger: Ledger) -> None:
    for text in "ab":
        send_in(ledger, offer(text, picture=photograph(300, 200)))
    first, second = (one.id for one in kept(ledger))

    decline(ledger, [first], replace(DECISION, is_mailed=False))
    decline(ledger, [second], DECISION)

    mails = {one.id: one.mail for one in kept(ledger)}
    assert mails == {first: ContributionMail.NONE, second: ContributionMail.REGRETS}
    with ledger.read() as connection:
        pictures = [contributions.load_contributed_picture(connection, id) for id in mails]
    assert pictures == [b"", b""]


def test_a_request_goes_its_way_with_a_note(ledger: Ledger) -> None:
    send_in(ledger, offer(kind=REQUEST))
    id = only(ledger).id

    mark(ledger, id, ContributionState.ANSWERED, replace(DECISION, note="soitettu"))
    agreed = mark(ledger, id, ContributionState.AGREED, DECISION)
    done = mark(ledger, id, ContributionState.DONE, DECISION)
    noted = annotate(ledger, id, "kävi hyvin")

    assert (agreed.note, done.state, noted.note) == (
        "soitettu",
        ContributionState.DONE,
        "kävi hyvin",
    )
    assert done.state.is_over


def test_who_said_that_others_type_their_address_is_not_mailed(
    ledger: Ledger, shelf: Shelf
) -> None:
    with ledger.write() as connection:
        wishes.disown(connection, mark_of(SECRET, "aino@example.org"), NOW)
    send_in(ledger)

    assert accept(ledger, only(ledger).id, shelf, DECISION).mail is ContributionMail.NONE
