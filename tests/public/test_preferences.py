"""What readers choose on their page holds, and no look at it changes anything."""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from newsletter.model import Standing, Subscriber
from tests.public.people import House, house_at, links_in

LISTED = "aino@example.org,fi\neino@example.org,sv\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A newsletter with two readers."""
    with house_at(tmp_path_factory.mktemp("preferences") / "site", listed=LISTED) as made:
        yield made


def reader(house: House, address: str = "aino@example.org") -> Subscriber:
    """Return who has an address."""
    person = house.person(address)
    assert person
    return person


def test_choices_are_kept_if_they_are_offered(house: House) -> None:
    place = house.prefer(reader(house).key)

    saved = house.post(f"{place}/save?lang=fi", {"language": "sv", "field-region": "Lappi"})
    house.post(f"{place}/save", {"language": "tlh", "field-region": "Mars", "standing": "erased"})

    page = house.get(saved.headers["location"]).body.decode()
    assert "Valintasi on tallennettu." in page
    assert "a…@example.org" in page
    assert "aino@" not in page
    assert (reader(house).language, reader(house).attributes) == ("sv", {"region": "Lappi"})


def test_a_pause_is_begun_and_ended_by_buttons(house: House) -> None:
    place = house.prefer(reader(house).key)

    for months in ("x", "", "-1", "4", "9" * 5000, "²"):
        assert house.post(f"{place}/pause", {"months": months}).status == 400
        assert reader(house).standing is Standing.ACTIVE
    house.post(f"{place}/pause", {"months": "3"})
    paused = reader(house)
    page = house.get(place, Accept_Language="fi").body.decode()
    house.post(f"{place}/resume")

    assert paused.standing is Standing.PAUSED
    assert paused.paused_until
    left = paused.paused_until - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=89) < left < dt.timedelta(days=91)
    assert "tauolla" in page
    assert reader(house).standing is Standing.ACTIVE


def test_who_has_left_is_not_told_that_they_are_paused(house: House) -> None:
    person = reader(house)
    place = house.prefer(person.key)
    house.post(f"{house.leave(person.key)}/leave")

    paused = house.post(f"{place}/pause?lang=en", {"months": "3"})
    resumed = house.post(f"{place}/resume?lang=en")

    for answer in (paused, resumed):
        page = house.get(answer.headers["location"]).body.decode()
        assert "Nothing was changed" in page
        assert "unsubscribed" in page
        assert "until the pause is over" not in page
        assert "You get the newsletter again" not in page
    house.post(f"{house.leave(person.key)}/undo")


def test_an_address_changes_by_a_button_at_both_ends(house: House) -> None:
    key = reader(house, "eino@example.org").key
    faulty = house.post(f"{house.prefer(key)}/move?lang=en", {"email": "nobody"})
    house.post(f"{house.prefer(key)}/move?lang=en", {"email": "eino.new@example.com"})
    old = house.mail("eino@example.org", "do you have a new address")
    new = house.mail("eino.new@example.com", "is this your new address")
    for mail in (old, new):
        body = mail.get_body(("plain",))
        assert body
        assert "eino" not in body.get_content()  # nothing that was typed
    [first], [second] = links_in(old), links_in(new)

    house.post(urlsplit(first).path)
    half = house.get(urlsplit(first).path, Accept_Language="en").body.decode()
    assert reader(house, "eino@example.org").key == key
    house.post(urlsplit(second).path)

    assert faulty.status == 422
    page = faulty.body.decode()
    assert "<title>Error: What you get" in page
    assert '<a href="#email">' in page
    assert re.search(r'<input id="email"[^>]* autofocus', page)
    assert "Half done" in half
    assert reader(house, "eino.new@example.com").key == key
    assert house.person("eino@example.org") is None
    house.mail("eino@example.org", "your address was changed")


def test_whoever_has_no_such_link_finds_nothing(house: House) -> None:
    for path in ("/kirje/p/x", house.prefer("nobody"), f"{house.prefer('nobody')}/save"):
        assert house.get(path).status in (404, 405)
        assert house.post(path).status in (404, 405)
    assert house.post(f"{house.prefer(reader(house).key)}/erase").status == 404
