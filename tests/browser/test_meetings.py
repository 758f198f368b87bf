"""A theme day from the editor's file to who came, by keyboard and without a script."""

import datetime as dt
import email
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject
from playwright.sync_api import Page

from newsletter import mailing
from newsletter.ledger import open_ledger, registrations
from newsletter.model.meeting import Registration, RegistrationState
from newsletter.settings import load_settings
from tests.browser.test_people import Keyboard
from tests.conftest import LEDGER
from tests.public.people import SECRET, House, house_at, links_in
from tests.waiting import wait_until

DAY = dt.date.today() + dt.timedelta(days=40)  # noqa: DTZ011 - of the readers
ID = "teemapaiva"
MEETING = f"""\
---
title: Teemapäivä
start: {DAY} 09:00
end: 15:00
deadline: {DAY - dt.timedelta(days=7)}
place: Kohtaamo
address: Katu 1, Helsinki
seats:
  on-site: 1
---
Tervetuloa!
"""
ISSUE = f"""\
---
subject: Tule teemapäivään
date: {{today}}
---
Hei!

::: event {ID}
:::
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What pages say in a language."""

    language: str
    register: str
    name: str
    email: str
    signed_up: str
    yes: str
    in_line: str
    cancel: str
    not_coming: str
    kept: str
    take: str
    tomorrow: str
    is_here: str
    all_here: str


FINNISH = Said(
    language="fi",
    register="Ilmoittaudun",
    name="Nimesi",
    email="Sähköpostiosoitteesi",
    signed_up="Olet ilmoittautunut ja osallistut paikan päällä.",
    yes="Kyllä, osallistun",
    in_line="Olet jonossa sijalla 1.",
    cancel="Peru ilmoittautumiseni",
    not_coming="Et ole tulossa",
    kept="Sinulle on varattu paikka.",
    take="Kyllä, otan paikan",
    tomorrow="Teemapäivä: huomenna",
    is_here="Paikalla",
    all_here="Paikalla 1/1.",
)
ENGLISH = Said(
    language="en",
    register="Register me",
    name="Your name",
    email="Your e-mail address",
    signed_up="You are signed up and come on site.",
    yes="Yes, I take part",
    in_line="You are in line for a seat, number 1.",
    cancel="Cancel my registration",
    not_coming="You are not coming",
    kept="A seat is kept for you.",
    take="Yes, I take the seat",
    tomorrow="Teemapäivä: tomorrow",
    is_here="Is here",
    all_here="1 of 1 are here.",
)
IN_LINE = {"fi": "Jonoon", "en": "Put me in line"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A service, its worker, and one reader."""
    with house_at(tmp_path / "site", listed="aino@example.org,fi\n") as served:
        yield served


@pytest.mark.parametrize("said", [FINNISH, ENGLISH], ids=lambda said: said.language)
def test_a_theme_day_from_the_editors_file_to_who_came(
    house: House, open_window: Callable[..., Page], said: Said
) -> None:
    phone = {"width": 360, "height": 700}
    is_judged = said is FINNISH
    judge = open_window(color_scheme="dark", viewport=phone, bypass_csp=True) if is_judged else None
    person = Keyboard(open_window(java_script_enabled=False), house, judge)
    lang = f"lang={said.language}"

    house.site.write(f"meetings/{ID}.md", MEETING)
    house.site.write("issues/2027-01.md", ISSUE.format(today=dt.date.today()))  # noqa: DTZ011
    house.site.run("send", "2027-01", "--yes")
    person.open(f"{_link_of_issue(house)}&{lang}")
    person.go_to("textbox", said.name)
    person.page.keyboard.type("Aino Esimerkki")
    person.press(said.register)
    person.sees(said.signed_up)
    invited = _mail(house, "aino@example.org", 1)

    person.open(f"/kirje/meetings/{ID}?{lang}")
    person.go_to("textbox", said.name)
    person.page.keyboard.type("Eino Vieras")
    person.go_to("textbox", said.email)
    person.page.keyboard.type("eino@example.org")
    person.press(IN_LINE[said.language])
    if person.page.get_by_role("button", name=IN_LINE[said.language]).count():  # too quick
        person.press(IN_LINE[said.language])
    person.open(_own_path(_mail(house, "eino@example.org", 1)) + f"?{lang}")
    person.press(said.yes)
    person.sees(said.in_line)

    person.open(_own_path(invited) + f"?{lang}")
    person.press(said.cancel)
    person.sees(said.not_coming)
    person.open(_own_path(_mail(house, "eino@example.org", 3)) + f"?{lang}")
    person.sees(said.kept)
    person.press(said.take)
    person.sees(said.signed_up)

    calendar = house.get(f"/kirje/meetings/{ID}.ics").body.decode()
    assert vobject.readOne(calendar).vevent.summary.value == "Teemapäivä"
    assert _states(house) == {
        "aino@example.org": RegistrationState.CANCELLED,
        "eino@example.org": RegistrationState.REGISTERED,
    }
    _let_the_worker_look(house, dt.datetime.combine(DAY, dt.time(9, 30)) - dt.timedelta(days=1))
    wait_until(
        lambda: said.tomorrow in [str(m["Subject"]) for m in _mails(house, "eino@example.org")]
    )

    on_the_day = re.sub(r"deadline: .*\n", "", MEETING).replace(str(DAY), f"{dt.date.today()}")  # noqa: DTZ011
    house.site.write(f"meetings/{ID}.md", on_the_day)
    door = house.site.run("meetings", "check-in", ID, "--link").stdout.strip()
    person.open(f"{urlsplit(door).path}?{lang}")
    person.press(f"{said.is_here}: Eino Vieras")
    person.sees(said.all_here)
    [figures] = json.loads(house.site.run("meetings", "figures", ID, "--json").stdout)
    assert (figures["registered"]["on-site"], figures["came"]["on-site"]) == (1, 1)
    assert figures["cancelled"] == 1


def _link_of_issue(house: House) -> str:
    """Return the path to which the issue's button leads its reader."""
    page = (house.site.root / "outbox" / "2027-01" / "aino@example.org.html").read_text("utf-8")
    [link] = set(re.findall(rf'href="(https://[^"]*/meetings/{ID}\?[^"]*me=[^"]+)"', page))
    parts = urlsplit(unescape(link))
    me = parse_qs(parts.query)["me"][0]
    return f"{parts.path}?me={me}"


def _mails(house: House, address: str) -> list[EmailMessage]:
    """Return the mails about the meeting to somebody, the oldest first."""
    files = sorted(
        (house.site.root / "outbox").glob("notice-*/*.eml"), key=lambda file: file.stat().st_mtime
    )
    mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [mail for mail in mails if address in mail["To"] and "Teemap" in str(mail["Subject"])]


def _mail(house: House, address: str, number: int) -> EmailMessage:
    """Wait for the mail of a number to somebody."""
    wait_until(lambda: len(_mails(house, address)) >= number)
    return _mails(house, address)[number - 1]


def _own_path(mail: EmailMessage) -> str:
    """Return the path of somebody's registration, as a mail links to it."""
    return min((urlsplit(link).path for link in links_in(mail) if "/m/" in link), key=len).rsplit(
        "/confirm"
    )[0]


def _rows(house: House) -> list[Registration]:
    with closing(open_ledger(house.site.root / LEDGER)) as ledger, ledger.read() as connection:
        return registrations.list_registrations(connection, ID)


def _states(house: House) -> dict[str, RegistrationState]:
    return {one.address: one.state for one in _rows(house)}


def _let_the_worker_look(house: House, local: dt.datetime) -> None:
    """Do at a later time what a worker does then."""
    house.site.write(".env", f"NEWSLETTER_SECRET={SECRET}\n")
    settings = load_settings(house.site.root)
    now = local.replace(tzinfo=settings.zone).astimezone(dt.UTC)
    with closing(open_ledger(house.site.root / LEDGER)) as ledger:
        mailing.write_meeting_mails(settings, ledger, now)
