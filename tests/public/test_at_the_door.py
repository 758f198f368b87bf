"""Whoever stands at the door marks who comes, by name or by the code in a mail; nobody else can."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image

from newsletter.content.meeting_files import read_meeting
from newsletter.links import door_code, write_door_pass
from newsletter.meetings import register
from newsletter.model.meeting import Attending, Entry, Registration
from tests.public.hall import PublicHall, open_hall
from tests.public.people import SECRET, URL

DAY = dt.datetime(2026, 12, 9, 6, 30, tzinfo=dt.UTC)  # half an hour before it begins
DOOR = f"/door/{quote(write_door_pass(SECRET, 'teemapaiva', DAY.date()))}"
LUNCH = {"lounas": "Kyllä"}
OTHER = f"/door/{quote(write_door_pass(SECRET, 'x', DAY.date()))}"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[PublicHall]:
    opened = open_hall(tmp_path / "site")
    enter(opened, "Aino Åkesson", Attending.ON_SITE)
    enter(opened, "Bo Berg", Attending.REMOTE)
    opened.now = DAY
    yield opened
    opened.ledger.close()


def enter(hall: PublicHall, name: str, way: Attending) -> Registration:
    zone = ZoneInfo("Europe/Helsinki")
    meeting = read_meeting(hall.root / "meetings", "teemapaiva", language="fi", zone=zone)
    entry = Entry(attending=way, name=name, organisation="Säätiö", language="fi", answers=LUNCH)
    return register(hall.ledger, meeting, entry, address="", now=hall.now, by_editor=True)


def came(hall: PublicHall) -> dict[str, str]:
    return {one.name: one.came_by for one in hall.rows() if one.came}


def id_of(hall: PublicHall, name: str) -> str:
    return str(next(one.id for one in hall.rows() if one.name == name))


def code_of(hall: PublicHall, name: str) -> str:
    return door_code(SECRET, next(one.key for one in hall.rows() if one.name == name))


def test_everybody_who_is_registered_has_a_button_and_is_marked_once(hall: PublicHall) -> None:
    page = hall.get(f"{DOOR}?lang=en")
    assert "0 of 2 are here." in page
    assert page.count(">Is here</button>") == 2

    first = hall.post(DOOR, id=id_of(hall, "Aino Åkesson"), act="came")
    hall.now += dt.timedelta(hours=1)
    hall.post(DOOR, id=id_of(hall, "Aino Åkesson"), act="came")

    assert first.status == 303
    [aino] = [one for one in hall.rows() if one.came]
    assert (aino.name, aino.came, aino.came_by) == ("Aino Åkesson", Attending.ON_SITE, "door")
    assert aino.came_at == DAY
    assert "here since 8.30" in hall.get(f"{DOOR}?lang=en").replace("\u00a0", " ")


def test_a_mistake_is_taken_back(hall: PublicHall) -> None:
    hall.post(DOOR, id=id_of(hall, "Bo Berg"), act="came")
    hall.post(DOOR, id=id_of(hall, "Bo Berg"), act="back")

    assert came(hall) == {}


def test_a_name_is_found_by_some_of_its_letters_and_stays_found_after_the_press(
    hall: PublicHall,
) -> None:
    page = hall.get(f"{DOOR}?lang=en&q=%C3%A5kes")
    pressed = hall.post(DOOR, id=id_of(hall, "Aino Åkesson"), act="came", q="åkes")

    assert ("Aino" in page, "Bo" in page) == (True, False)
    assert "q=%C3%A5kes" in pressed.headers["location"]
    assert "Nobody of that name is registered." in hall.get(f"{DOOR}?lang=en&q=zz")


def test_who_is_on_no_list_is_taken_in_at_the_door_once(hall: PublicHall) -> None:
    assert 'value="Cilla"' in hall.get(f"{DOOR}?lang=en&q=Cilla")

    for _ in range(2):
        pressed = hall.post(DOOR, act="walk-in", name=" Cilla  Ek ", organisation="Kunta")

    assert pressed.headers["location"].endswith(f"#p{id_of(hall, 'Cilla Ek')}")
    assert came(hall) == {"Cilla Ek": "door"}
    assert "1 of 3 are here." in hall.get(f"{DOOR}?lang=en")


def test_nobody_is_taken_in_by_a_pass_when_the_door_is_not_open(hall: PublicHall) -> None:
    hall.now = DAY + dt.timedelta(days=3)

    hall.post(DOOR, act="walk-in", name="Cilla Ek")

    assert came(hall) == {}
    assert len(hall.rows()) == 2


def test_a_door_that_takes_nobody_in_says_why(hall: PublicHall) -> None:
    assert "Nobody was added: all these seats are taken." in hall.get(
        f"{DOOR}?lang=en&refused=full"
    )
    assert "Nobody was added" not in hall.get(f"{DOOR}?lang=en&refused=<b>x")


def test_a_code_opens_the_button_of_one_person_for_who_stands_at_the_door(
    hall: PublicHall,
) -> None:
    [cookie] = re.findall(r"door=[^;]+", hall.ask(DOOR).headers["set-cookie"])
    code = code_of(hall, "Bo Berg")

    page = hall.get(f"/came/{code}?lang=en", cookie=cookie)
    back = hall.post(DOOR, id=id_of(hall, "Bo Berg"), act="came", code=code)

    assert "<h1>Bo Berg</h1>" in page
    assert f"/came/{code}" in back.headers["location"]
    assert came(hall) == {"Bo Berg": "code"}
    assert "Nobody is known by this code" in hall.get("/came/x?lang=en", cookie=cookie)


def test_the_code_of_a_mail_is_read_by_a_phone(hall: PublicHall) -> None:
    code = code_of(hall, "Bo Berg")

    answer = hall.ask(f"/came/{code}.png")

    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.body)).convert("L"))
    assert read.text == f"{URL}/came/{code}"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert hall.ask("/came/x.png").status == 404


def test_anybody_else_sees_neither_name_nor_button_by_a_code(hall: PublicHall) -> None:
    forged = "door=teemapaiva.AAAA"
    for headers in ({}, {"cookie": forged}):
        page = hall.get(f"/came/{code_of(hall, 'Bo Berg')}?lang=en", **headers)

        assert "Show this code at the door" in page
        assert "Bo" not in page
        assert "<form" not in page


def test_the_cookie_of_the_door_is_for_codes_alone_and_ends(hall: PublicHall) -> None:
    cookie = hall.ask(DOOR).headers["set-cookie"].lower()

    for part in ("path=/kirje/came", "httponly", "secure", "samesite=lax", "max-age=86400"):
        assert part in cookie
    assert "set-cookie" not in hall.ask("/meetings").headers


@pytest.mark.parametrize(
    "path",
    ["/door/teemapaiva.AAAA", "/door/teemapaiva", OTHER],
)
def test_a_pass_that_is_none_opens_nothing(hall: PublicHall, path: str) -> None:
    assert hall.ask(path).status == 404
    assert hall.post(path, id=id_of(hall, "Bo Berg"), act="came").status == 404
    assert came(hall) == {}


def test_scanners_and_other_days_mark_nobody(hall: PublicHall) -> None:
    hall.ask(DOOR, "HEAD")
    hall.ask(DOOR, "POST", {})
    hall.post(DOOR, id="999", act="came")
    hall.post(DOOR, id="x", act="came")
    hall.now = DAY + dt.timedelta(days=3)
    hall.post(DOOR, id=id_of(hall, "Bo Berg"), act="came")

    assert came(hall) == {}
    page = hall.get(f"{DOOR}?lang=en")
    assert "Marks are taken from the day before" in page
    assert "Bo Berg" not in page


def test_a_pass_ends_with_the_day_it_is_for(hall: PublicHall) -> None:
    yesterday = quote(write_door_pass(SECRET, "teemapaiva", DAY.date() - dt.timedelta(days=1)))

    assert hall.ask(f"/door/{yesterday}").status == 404
