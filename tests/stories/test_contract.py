"""What every provider must do with an issue, through the command line and a server process."""

import html
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsletter.providers import PROVIDERS
from tests.conftest import REPOSITORY, Site
from tests.servers.fate import fate
from tests.stories.accounts import Account, in_csv, opened, violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What differs from provider to provider."""

    batch: int  # recipients of a call; 0 where there are no calls to be counted
    extra: str = ""  # settings it cannot do without
    options: str = ""  # of its server, so that it refuses one@example.org ...
    faults: tuple[str, ...] = ()  # ... or the faults that do
    batch_tag: Callable[[Mapping[str, Any]], str] | None = None  # where the batch's tag arrives
    leaves_unsubscribing: bool = True  # takes our List-Unsubscribe
    has_switch: bool = True  # tracking can be switched off for each message
    carries_pictures: bool = False
    counts: tuple[str, ...] = ()  # figures that come back
    executes: tuple[str, ...] = ()  # what a reader's own name must not hold


# Where a whole call is refused it is halved: 8, 4, 2, 1, down to the one who spoils it.
ALWAYS_THE_FIRST = ("1:400-invalid", "2:400-invalid", "3:400-invalid", "4:400-invalid")
ALL_COUNTS = ("delivered", "hard", "soft", "opens", "clicks", "unsubscribed")
MANNERS = {
    "outbox": Manners(batch=0, has_switch=False, carries_pictures=True),
    "brevo": Manners(
        batch=1000,
        faults=ALWAYS_THE_FIRST,
        batch_tag=lambda message: message["tags"][1],
        has_switch=False,
        counts=ALL_COUNTS,
    ),
    "mailgun": Manners(
        batch=1000,
        extra='domain = "example.org"',
        faults=ALWAYS_THE_FIRST,
        batch_tag=lambda message: message["tags"][1],
        counts=ALL_COUNTS,
    ),
    "mailjet": Manners(
        batch=50,
        options="fail=one@example.org",
        batch_tag=lambda message: message["metadata"]["CustomID"],
        counts=ALL_COUNTS,
        executes=("[[var:x]]",),
    ),
    "postmark": Manners(
        batch=500,
        options="inactive=one@example.org",
        batch_tag=lambda message: message["metadata"]["batch"],
        leaves_unsubscribing=False,
        counts=("delivered", "opens"),
    ),
    "resend": Manners(
        batch=100,
        extra='rate = "10000/s"',
        faults=ALWAYS_THE_FIRST,
        batch_tag=lambda message: message["metadata"]["batch"],
        has_switch=False,
    ),
    "sendgrid": Manners(
        batch=1000,
        faults=ALWAYS_THE_FIRST,
        batch_tag=lambda message: message["tags"][1],
        counts=ALL_COUNTS,
        executes=("~.nl-v0.-",),
    ),
    "ses": Manners(
        batch=50,
        extra='region = "eu-north-1"\nrate = "10000/s"',
        options="status=one@example.org:MESSAGE_REJECTED",
        batch_tag=lambda message: message["metadata"]["nl-batch"],
    ),
    "smtp": Manners(batch=0, faults=("2:550-rcpt",), has_switch=False, carries_pictures=True),
}
NAMES = [name for name in MANNERS if name in PROVIDERS]
HTTP = [name for name in NAMES if MANNERS[name].batch]

# What a template language might take for its own, or a mail program for markup.
HOSTILE = (
    "{{7*7}}",
    "{% x %}",
    "{# x #}",
    "%recipient.x%",
    "%unsubscribe_url%",
    "[[var:x]]",
    "-v0-",
    "~.nl-v0.-",
    "<script>alert(1)</script>",
    "\"q\" 'q'",
    r"\n \\ \{{x}}",
    "ä 😀 100 %",
)
# A subject has no backquotes to show code in, so what looks like a slot is an error there.
IN_SUBJECT = [text for text in HOSTILE if "{{" not in text]
ISSUE = f"""\
---
subject: '{" ".join(IN_SUBJECT).replace("'", "''")} {{{{ name|"sinä" }}}}'
date: 2026-06-15
---
Hei {{{{ name|"hyvä lukija" }}}}!

`{" ".join(HOSTILE)}`

{{{{ lempiväri|"ei missään" }}}} {{{{ name_html }}}} {{{{ v0 }}}} {{{{ delivery }}}} {{{{ brace }}}}
"""
OF_ANY_NAME = {
    "lempiväri": "Säätiö & Co",
    "name_html": "<X>",
    "v0": "v1",
    "delivery": "d",
    "brace": "{{",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An issue that was sent in two calls, and what came of it."""

    name: str
    manners: Manners
    people: Mapping[str, str]  # name by address
    messages: list[dict[str, Any]]
    objections: list[str]
    again: str  # what a second sending said
    left_after: int  # messages that followed it
    recipients: list[dict[str, str]]  # of `status --recipients --json`
    figures: dict[str, Any]  # of `stats --pull --json`


@pytest.fixture(scope="module", params=NAMES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Tell a month with a provider: import, send, send again, ask how it went."""
    name, manners = request.param, MANNERS[request.param]
    site = _site(tmp_path_factory.mktemp(name))
    site.environment["NEWSLETTER_SECRET"] = "for tests"  # noqa: S105
    site.settings(sender='sender = "Säätiö, Katu 1"\npublic_url = "https://kirje.example.org"')
    people = _people(site, manners)
    extra = f"{manners.extra}\nbatch_size = 20"
    with opened(site, name, extra=extra, **_flags(name, bodies="all")) as account:
        site.run("send", "2026-06", "--yes")
        messages = account.messages()
        again = site.run("send", "2026-06", "--yes")
        recipients = site.run("status", "2026-06", "--recipients", "--json")
        figures = site.run("stats", "--pull", "--json")
        return Story(
            name=name,
            manners=manners,
            people=people,
            messages=messages,
            objections=violations(account),
            again=again.stderr,
            left_after=len(account.messages()) - len(messages),
            recipients=json.loads(recipients.stdout),
            figures=json.loads(figures.stdout)[0],
        )


# --- everybody, once ----------------------------------------------------------------------


def test_everybody_is_in_exactly_one_message(story: Story) -> None:
    mailed = Counter(message["email"] for message in story.messages)

    assert mailed == dict.fromkeys(story.people, 1)


def test_the_provider_has_nothing_to_object_to(story: Story) -> None:
    assert story.objections == []


def test_a_second_send_mails_nobody_and_says_so(story: Story) -> None:
    assert story.left_after == 0
    if story.name == "outbox":  # rehearsed anew, in place of the first time
        assert "It was a rehearsal: no reader was mailed." in story.again
    else:
        assert f"was sent already: {len(story.people):,} accepted" in story.again


def test_every_messages_id_can_be_looked_up(story: Story) -> None:
    assert {row["address"] for row in story.recipients} == set(story.people)
    assert {row["state"] for row in story.recipients} == {"accepted"}
    known = [message["messageId"].strip("<>") for message in story.messages]
    for row in story.recipients:
        assert row["message_id"]
        assert not row["message_id"].startswith("<")
    if story.manners.batch:
        # SendGrid tells the beginning that all ids of a call have in common.
        assert [r for r in story.recipients if not _is_known(r["message_id"], known)] == []


# --- what a message carries ---------------------------------------------------------------


def test_the_issues_tag_and_the_batchs_own_arrive(story: Story) -> None:
    batch_tag = story.manners.batch_tag
    if batch_tag is None:
        pytest.skip("mail itself has no tags")
    own = {(message["call"], batch_tag(message)) for message in story.messages}

    counted_by = {PROVIDERS[story.name].counts_by("2026-06", t.partition("-b")[0]) for _, t in own}
    assert {message["tags"][0] for message in story.messages} == counted_by
    assert len(counted_by) == 1
    assert len(own) == len(dict(own)) == len({tag for _, tag in own}) == 2


def test_everybody_can_leave_by_a_link_of_their_own(story: Story) -> None:
    headers = [message["headers"] for message in story.messages]

    links = {header["List-Unsubscribe"] for header in headers}
    clicks = {header["List-Unsubscribe-Post"] for header in headers}

    if story.manners.leaves_unsubscribing:
        assert len(links) == len(story.people)
        assert all(re.match(r"<https://kirje\.example\.org/u/[^>]+>, <mailto:", x) for x in links)
    else:
        assert not any("kirje.example.org" in link for link in links)
    assert clicks == {"List-Unsubscribe=One-Click"}


def test_the_list_is_named_where_the_provider_allows_it(story: Story) -> None:
    named = {message["headers"].get("List-Id") for message in story.messages}

    assert named == {None if story.name == "mailjet" else "<uutiskirje.example.org>"}


def test_hostile_names_and_texts_arrive_as_their_characters(story: Story) -> None:
    text = " ".join(HOSTILE)

    for message in story.messages:
        name = story.people[message["email"]]
        own = " ".join(IN_SUBJECT).replace("\"q\" 'q'", "”q” ’q’")  # set in fine type
        subject = " ".join(f"{own} {name or 'sinä'}".split())
        assert " ".join(message["subject"].split()) == subject
        for body in (_words(message["text"]), _words(_visible(message["html"]))):
            assert f"Hei {name or 'hyvä lukija'}!" in body
            assert text in body


def test_no_name_and_no_text_becomes_markup(story: Story) -> None:
    assert [m["email"] for m in story.messages if re.search("<(script|X)", m["html"])] == []


def test_columns_of_any_name_are_slots(story: Story) -> None:
    for message in story.messages:
        for body in (_words(message["text"]), _words(_visible(message["html"]))):
            assert "Säätiö & Co <X> v1 d {{" in body


# --- figures ------------------------------------------------------------------------------


def test_the_providers_figures_come_back(story: Story) -> None:
    told, got, known = fate(len(story.people)), story.figures, story.manners.counts
    figures = {
        "delivered": (got["delivered"], told.delivered),
        "hard": (got["bounced"]["hard"], told.hard_bounces),
        "soft": (got["bounced"]["soft"], told.soft_bounces),
        "opens": (got["opens"]["unique"], told.unique_opens),
        "clicks": (got["clicks"]["unique"], told.unique_clicks),
        "unsubscribed": (got["unsubscribed"], told.unsubscribed),
    }

    assert got["sent"] == len(story.people)
    for name, (value, expected) in figures.items():
        assert value == (expected if name in known else None), name


# --- other months -------------------------------------------------------------------------


@pytest.mark.parametrize("name", HTTP)
def test_calls_are_as_few_as_the_batch_size_allows(site: Site, name: str) -> None:
    site.people(MANNERS[name].batch + 1)

    with opened(site, name, extra=MANNERS[name].extra, bodies="none") as account:
        site.run("send", "2026-06", "--yes")
        messages = account.messages()

    assert len({message["email"] for message in messages}) == MANNERS[name].batch + 1
    sizes = Counter(message["call"] for message in messages)
    assert sorted(sizes.values()) == [1, MANNERS[name].batch]


@pytest.fixture(params=[name for name in NAMES if name != "outbox"])
def unlucky(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Site, Account]]:
    """An account that refuses one of eight readers, for a newsletter that tracks nobody."""
    name, manners = request.param, MANNERS[request.param]
    site = _site(tmp_path)
    site.settings(opens='opens = "off"')
    rows = [{"email": f"{who}@example.org", "name": "A", **OF_ANY_NAME} for who in _EIGHT]
    # One of the hostile names has a word of leaving in it, which an import asks about.
    answer = "--answer=column:name=ignore"
    site.run("subscribers", "import", str(site.write("list.csv", in_csv(rows))), answer, "--yes")
    option, _, value = manners.options.partition("=")
    flags = _flags(name, options={option: value}) if option else {"faults": manners.faults}
    extra = f"{manners.extra}\nconcurrency = 1"
    with opened(site, name, extra=extra, **flags) as account:
        yield name, site, account


_EIGHT = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def test_one_bad_recipient_does_not_cost_the_others_their_mail_nor_are_they_tracked(
    unlucky: tuple[str, Site, Account],
) -> None:
    name, site, account = unlucky

    site.run("send", "2026-06", "--yes", code=1)

    mailed = Counter(message["email"] for message in account.messages())
    assert (len(mailed), set(mailed.values())) == (7, {1})
    rejected = site.run("status", "2026-06", "--recipients", "--state", "rejected", "--json")
    [row] = json.loads(rejected.stdout)
    assert row["address"] not in mailed
    assert row["reason"]
    if MANNERS[name].has_switch:
        assert {message["tracked"] for message in account.messages()} == {False}


@pytest.mark.parametrize("name", [n for n in NAMES if not MANNERS[n].carries_pictures])
def test_pictures_nobody_could_fetch_are_refused_before_sending(
    sample: Site, name: str, tmp_path: Path
) -> None:
    sample.environment["NEWSLETTER_API_KEY"] = "key:secret"
    extra = f'base_url = "http://127.0.0.1:9"\n{MANNERS[name].extra}'
    sample.settings(name=f'name = "{name}"\n{extra}')
    sample.run("subscribers", "add", "one@example.org")

    done = sample.run("send", "2021-06", "--yes", code=1)

    assert "image-hosting" in done.stderr
    assert f"{name} cannot carry" in done.stderr
    assert json.loads(sample.run("status", "--json").stdout) == []


def _site(folder: Path) -> Site:
    site = Site(folder / "site")
    site.root.mkdir()
    shutil.copy(REPOSITORY / "newsletter.toml", site.root)
    site.write("issues/2026-06.md", ISSUE)
    return site


def _people(site: Site, manners: Manners) -> dict[str, str]:
    """Import more people than a call of twenty holds, many with names that are code somewhere."""
    names = [name for name in HOSTILE if name not in manners.executes]
    names = [*names, "", *(f"Person {n}" for n in range(30))][:30]
    people = {f"person{n}@example.org": name for n, name in enumerate(names)}
    rows = [{"email": email, "name": name, **OF_ANY_NAME} for email, name in people.items()]
    # One of the hostile names has a word of leaving in it, which an import asks about.
    answer = "--answer=column:name=ignore"
    site.run("subscribers", "import", str(site.write("list.csv", in_csv(rows))), answer, "--yes")
    return people


def _flags(name: str, **flags: Any) -> dict[str, Any]:
    """Return flags for the server of a provider; one of mail itself has none of these."""
    return flags if MANNERS[name].batch else {}


def _is_known(message_id: str, known: list[str]) -> bool:
    return any(each.startswith(message_id) for each in known)


def _words(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def _visible(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_no_provider_is_left_out() -> None:
    assert set(PROVIDERS) <= set(MANNERS)
