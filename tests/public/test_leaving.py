"""No look at a link changes anything, whoever looks; one click and a button do."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from newsletter.model import Happened, Standing
from tests.public.people import URL, House, house_at, links_in
from tests.waiting import PATIENCE

LISTED = "".join(f"{name}@example.org,fi\n" for name in ("aino", "eino", "kerttu", "oskari"))
ONE_CLICK = b"List-Unsubscribe=One-Click"
BOUNDARY = "Apple-Mail-5F"
MULTIPART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    f"One-Click\r\n--{BOUNDARY}--\r\n"
).encode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A newsletter that mailed an issue to everybody on its list."""
    with house_at(tmp_path_factory.mktemp("leaving") / "site", listed=LISTED) as made:
        made.site.run("send", "2026-06", "--yes")
        yield made


def key_of(house: House, name: str) -> str:
    """Return the key of somebody on the list."""
    person = house.person(f"{name}@example.org")
    assert person
    return person.key


def standing_of(house: House, name: str) -> Standing:
    """Return how somebody on the list stands."""
    person = house.person(f"{name}@example.org")
    assert person
    return person.standing


def issue_to(house: House, name: str) -> EmailMessage:
    """Return the issue that somebody got."""
    [path] = (house.site.root / "outbox/2026-06").glob(f"*{name}*.eml")
    return message_from_bytes(path.read_bytes(), policy=default)


def scan(house: House, url: str) -> set[int]:
    """Follow a link as Safe Links, Barracuda and Proofpoint do; return what was answered."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    agents = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0", "BarracudaLinkProtect", "")
    found = set()
    for agent in agents:
        for method in ("HEAD", "GET", "GET"):
            for cookie in ("", "session=1; consent=yes"):
                headers = {"User-Agent": agent, **({"Cookie": cookie} if cookie else {})}
                found.add(house.get(path, method, **headers).status)
    return found


def test_scanners_that_follow_every_link_change_nothing(house: House) -> None:
    house.sign_up("uusi@example.org")
    house.post(f"{house.prefer(key_of(house, 'aino'))}/data?lang=fi")
    mails = [
        issue_to(house, "aino"),
        house.mail("uusi@example.org", "vahvista"),
        house.mail("aino@example.org", "sinua koskevat"),
    ]
    ours = [u for mail in mails for u in links_in(mail) if u.startswith(URL)]
    before = house.records(key_of(house, "aino"))
    assert {re.sub(r"[^/]*$", "", urlsplit(u).path) for u in ours} >= {"/kirje/u/", "/kirje/c/"}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda url: scan(house, url), ours))

    assert set().union(*answers) <= {200, 404}  # 404: the archive, as long as there is none
    assert house.records(key_of(house, "aino")) == before
    assert standing_of(house, "aino") is Standing.ACTIVE
    assert house.person("uusi@example.org") is None
    assert len(house.mails("uusi@example.org")) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(ONE_CLICK, "application/x-www-form-urlencoded", id="Gmail"),
        pytest.param(MULTIPART, f"multipart/form-data; boundary={BOUNDARY}", id="Apple"),
        pytest.param(b"", "", id="nothing at all"),
        pytest.param(b"", "application/x-www-form-urlencoded", id="an empty form"),
        pytest.param(ONE_CLICK, "text/plain", id="plain text"),
        pytest.param(b"{}", "application/json", id="JSON"),
        pytest.param(b"\xff\xfe\x00" * 100, "application/octet-stream", id="bytes"),
    ],
)
def test_one_click_takes_off_whatever_is_posted(house: House, body: bytes, kind: str) -> None:
    key = key_of(house, "eino")
    house.post(f"{house.leave(key)}/undo")
    assert standing_of(house, "eino") is Standing.ACTIVE

    answer = house.post(house.leave(key), body, kind)

    assert (answer.status, answer.body) == (200, b"unsubscribed\n")
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers
    assert standing_of(house, "eino") is Standing.UNSUBSCRIBED


def test_gmails_request_is_taken_from_the_very_header_of_the_mail(house: House) -> None:
    mail = issue_to(house, "kerttu")
    [url] = re.findall(r"<(http[^>]+)>", mail["List-Unsubscribe"])
    assert "mailto:" in mail["List-Unsubscribe"]
    assert len(ONE_CLICK) == 26

    answer = house.post(urlsplit(url).path, ONE_CLICK)

    assert answer.status == 200
    assert standing_of(house, "kerttu") is Standing.UNSUBSCRIBED
    told = house.mail("kerttu@example.org", "peruutettu")
    assert any(urlsplit(link).path == urlsplit(url).path for link in links_in(told))


def test_a_wrong_link_is_told_the_same_and_does_nothing(house: House) -> None:
    right = house.leave(key_of(house, "oskari"))
    wrong = [right[:-1], right + "A", "/kirje/u/x", house.leave("nobody"), "/kirje/u/%00.%ff"]

    answers = [house.post(path, ONE_CLICK) for path in wrong]

    assert {(answer.status, answer.body) for answer in answers} == {(200, b"unsubscribed\n")}
    assert standing_of(house, "oskari") is Standing.ACTIVE
    assert house.get(right[:-1]).status == 404


def test_the_page_masks_the_address_and_can_be_undone_there(house: House) -> None:
    key = key_of(house, "oskari")
    page = house.get(house.leave(key), Accept_Language="sv").body.decode()
    assert "o…@example.org" in page
    assert "oskari@" not in page
    assert "<script" not in page
    assert "Vill du avsluta prenumerationen?" in page

    left = house.post(f"{house.leave(key)}/leave?lang=sv")
    why = house.post(f"{house.leave(key)}/why?lang=sv", {"why": "often"})
    gone = house.get(left.headers["location"]).body.decode()
    house.post(f"{house.leave(key)}/why", {"why": "<script>"})
    undone = house.post(f"{house.leave(key)}/undo?lang=sv")
    back = house.get(undone.headers["location"]).body.decode()

    assert (left.status, why.status, undone.status) == (303, 303, 303)
    assert "Din prenumeration är avslutad" in gone
    assert "subscribe" not in gone.partition("<main")[2].partition("</main")[0]  # C15
    assert "Du fortsätter prenumerera" in back
    assert standing_of(house, "oskari") is Standing.ACTIVE
    assert [r.reason for r in house.records(key) if r.what is Happened.EXPLAINED] == ["often"]


def test_who_undoes_leaving_during_a_pause_is_told_how_they_stand(house: House) -> None:
    key = key_of(house, "aino")
    house.post(f"{house.prefer(key)}/pause", {"months": "1"})
    house.post(f"{house.leave(key)}/leave")

    undone = house.post(f"{house.leave(key)}/undo?lang=en")
    page = house.get(undone.headers["location"]).body.decode()
    later = house.get(f"{house.leave(key)}?lang=en").body.decode()
    house.post(f"{house.prefer(key)}/resume")

    assert "You stay on the list" in page
    assert re.search(r"No issue goes to a…@example\.org at present: paused until 20\d\d-\d", page)
    assert "You get Kirje at" not in later
    assert standing_of(house, "aino") is Standing.ACTIVE


def test_a_link_of_one_kind_opens_nothing_of_another(house: House) -> None:
    key = key_of(house, "aino")
    leave, prefer = (path.rpartition("/")[2] for path in (house.leave(key), house.prefer(key)))

    answers = [
        house.get(f"/kirje/p/{leave}").status,
        house.get(f"/kirje/u/{prefer}").status,
        house.get(f"/kirje/c/{leave}").status,
        house.post(f"/kirje/p/{leave}/pause", {"months": "6"}).status,
        house.post(f"/kirje/u/{prefer}/leave").status,
    ]

    assert answers == [404] * 5
    assert standing_of(house, "aino") is Standing.ACTIVE


def test_a_million_bytes_in_one_click_still_unsubscribe(house: House) -> None:
    key = key_of(house, "eino")
    house.post(f"{house.leave(key)}/undo")
    connection = HTTPConnection("127.0.0.1", house.port, timeout=PATIENCE)

    connection.request("POST", house.leave(key), body=b"x" * 60_000)
    status = connection.getresponse().status
    connection.close()

    assert status == 200
    assert standing_of(house, "eino") is Standing.UNSUBSCRIBED
