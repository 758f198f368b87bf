"""Three hundred lists as services export them: nobody is mailed who said no, nothing is hoarded."""

import io

from hypothesis import given, settings

from newsletter.audience.entries import Entry
from newsletter.audience.reading import open_people
from newsletter.model import Refusal, Standing
from tests.audience.lists import SECRETS, SHAPES, RealList, real_lists

three_hundred = settings(max_examples=300)


def rows_of(given_list: RealList) -> list[Entry | Refusal]:
    """Read a list; nothing more than what was answered may be asked."""
    people = open_people(io.BytesIO(given_list.data), given_list.name, wishes=given_list.wishes)
    assert people.questions == (), people.questions
    return list(people)


@three_hundred
@given(real_lists())
def test_nobody_becomes_active_whose_row_or_file_says_otherwise(real_list: RealList) -> None:
    standings: dict[str, Standing] = {}
    for row in rows_of(real_list):
        if isinstance(row, Entry):
            key = row.address.lower()
            said = row.standing or Standing.ACTIVE
            standings[key] = said.or_stricter(standings.get(key, said))

    active = {address for address, said in standings.items() if said is Standing.ACTIVE}

    assert active <= real_list.may_become_active()


@three_hundred
@given(real_lists())
def test_nothing_personal_is_kept_that_nobody_asked_for(real_list: RealList) -> None:
    kept = [
        value
        for row in rows_of(real_list)
        if isinstance(row, Entry)
        for value in row.values.values()
    ]

    assert not [value for value in kept for secret in SECRETS if secret in value]


@three_hundred
@given(real_lists())
def test_every_row_is_taken_or_refused_with_its_line(real_list: RealList) -> None:
    rows = rows_of(real_list)

    assert len(rows) == len(real_list.truths)
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    assert all(row.reason for row in rows if isinstance(row, Refusal))


def test_fourteen_services_and_more_are_among_the_lists() -> None:
    services = {name.partition(" ")[0] for name in SHAPES} - {"own", "suppressions"}

    assert len(SHAPES) >= 20
    assert services >= {
        "mailchimp", "brevo", "mailerlite", "buttondown", "substack", "ghost", "listmonk", "keila",
        "outlook", "google", "microsoft", "lyyti", "webropol",
    }  # fmt: skip
