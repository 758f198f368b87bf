"""What is checked, previewed, built, sent as a test and sent is one and the same copy.

For every provider, readers are mailed through its server, which fills its placeholders on its own,
and what they get is held against what the program read back from its own calls.
"""

import datetime as dt
import json
import random
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.utils import parseaddr
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter import pipeline
from newsletter.checking.report import Report
from newsletter.cli.main import cli
from newsletter.composing.slots import (
    for_header,
    split_at_slots,
    split_html_at_slots,
    split_text_at_slots,
)
from newsletter.delivery import Clock, Worker
from newsletter.language.phrases import unsubscribe_mailto
from newsletter.ledger import Ledger, Send, open_ledger, people, sends
from newsletter.links import new_keys
from newsletter.mailing.carrier import carry
from newsletter.mailing.freezing import freeze_late, freeze_plan, freeze_test
from newsletter.mailkeys import HEADER, PLACE, with_key
from newsletter.model import Persona, Specimen, Subscriber
from newsletter.personas import personas_of, take_specimens, twins_of
from newsletter.plans import Plan, plan_late
from newsletter.plans.census import take_census
from newsletter.press import Manuscript, from_of, read_manuscript, render_manuscript, stationery_for
from newsletter.preview.proofs import Proof
from newsletter.providers import PROVIDERS
from newsletter.providers import postmark as of_postmark
from newsletter.settings import Settings, load_settings
from tests.conftest import Site, make_site
from tests.mailing.asked import NOTICE
from tests.providers.forms import HOSTILE
from tests.render.raw_message import addresses_in
from tests.render.wire_faults import faults_of_copy, faults_of_message
from tests.servers.postmark import THEIR_HEADERS, THEIR_LINK
from tests.servers.smtp_session import read_message
from tests.stories.accounts import Account, OutboxAccount, opened, violations

pytestmark = pytest.mark.long  # a server for each provider

LEAVE = "eroa@example.org"
_KEY = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=%20))[a-z0-9]{32}(?![A-Za-z0-9])")
NOW = dt.datetime(2026, 12, 15, 7, tzinfo=dt.UTC)
LATER, LATE = NOW + dt.timedelta(hours=2), "late@example.org"
EXTRA = {"mailgun": 'domain = "example.org"', "ses": 'region = "eu-north-1"'}
_TRANSPORT = ("date", "message-id", "mime-version", "from", "to", "subject", "reply-to")
_numbers = count(1)


# --- what is written ----------------------------------------------------------------------

_WORDS = st.lists(
    st.one_of(
        st.sampled_from([word for word in HOSTILE.split() if "{{v" not in word]),
        st.sampled_from(["Hei", "työ", "&", "100 %", "\\", '"', "'", "😀", "a" * 80, "ä" * 45]),
        st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@dataclass(frozen=True)
class Example:
    """An issue, and the settings it is sent with."""

    subject: str
    body: str
    sender: str
    reply_to: str  # of the newsletter
    own: str  # Reply-To of the issue; empty for none
    public_url: str
    leaves_by: str  # where the key to leave by is in the mail that unsubscribes; empty for none
    language: str
    has_picture: bool
    has_only: bool  # a passage for some readers alone


EXAMPLES = st.builds(
    Example,
    subject=_WORDS.map(lambda words: f"{words} k\u202eirje"),  # turned round on the screen
    body=_WORDS,
    sender=st.sampled_from(
        ["Kirje <kirje@example.org>", '"Työ, \\"K\\"" <kirje@työ.fi>', "kirje+1@example.org"]
    ),
    reply_to=st.sampled_from(["toimitus@example.org", "toimitus+kirje@example.org"]),
    own=st.sampled_from(["", "", "Toimitus <toimitus@työ.fi>", "o'brien+a@example.org"]),
    public_url=st.sampled_from(["", "https://kirje.example.org", "http://kirje.työ.fi/a"]),
    leaves_by=st.sampled_from(["plus", "subject", ""]),
    language=st.sampled_from(["fi", "sv"]),
    has_picture=st.booleans(),
    has_only=st.booleans(),
)
WITH_BOTH = Example(
    subject="Hei [[var:x]] %recipient% \u202ekirje",
    body=HOSTILE.replace("{{v", "{v"),
    sender="Kirje <kirje@example.org>",
    reply_to="toimitus@example.org",
    own="",
    public_url="https://kirje.example.org",
    leaves_by="plus",
    language="sv",
    has_picture=True,
    has_only=True,
)
PICTURE = "\n![Talo metsän reunassa](kuva.png)\n"
ONLY = '\n::: only region=Lappi\nVain Lappiin, {{ name|"sinä" }}: `[[var:x]] %recipient%`\n:::\n'


def write(site: Site, example: Example) -> str:
    """Lay the issue and its settings down; return its id."""
    number = next(_numbers)
    issue_id = f"{2000 + number // 12}-{number % 12 + 1:02}"
    quoted = example.subject.replace("'", "''").replace("{{", "{ {")
    own = f"reply_to: {example.own}\n" if example.own else ""
    own += "provider_tag: kirje\n"  # of all of an account, as an editor may give several issues
    front = f"subject: '{quoted} {{{{ name|\"sinä\" }}}}'\ndate: 2026-12-15\n{own}"
    body = f'Hei {{{{ name|"lukija" }}}}, {{{{ paikka }}}}!\n\n`{example.body.replace("`", "")}`\n'
    body += PICTURE * example.has_picture + ONLY * example.has_only
    Image.new("RGB", (300, 200), (10, 90, 60)).save(site.root / "issues/kuva.png")
    site.write(f"issues/{issue_id}.md", f"---\n{front}---\n{body}")
    site.write(f"issues/{issue_id}.sv.md", f"---\n{front}---\n{body}")
    table = {
        "title": "Kirje",
        "language": "fi",
        "from": example.sender,
        "reply_to": example.reply_to,
        "sender": "Säätiö, Katu 1",
        **({"public_url": example.public_url} if example.public_url else {}),
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    _, provider, rest = (site.root / "newsletter.toml").read_text("utf-8").partition("[provider]")
    rest = rest.partition("[mailbox]")[0]
    if example.leaves_by:
        plus = str(example.leaves_by == "plus").lower()
        rest += f'[mailbox]\nunsubscribe = "{LEAVE}"\nplus = {plus}\n'
    site.write("newsletter.toml", "\n".join(["[newsletter]", *lines, "", provider + rest]))
    return issue_id


# --- what is read back --------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A copy as it is compared: all but dates, ids and what signs a link."""

    address: str
    sender: tuple[str, str]
    reply_to: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]


def seen(specimen: Specimen) -> Seen:
    """Return what the program says that a reader gets."""
    return _seen(
        address=specimen.address,
        sender=specimen.header("From"),
        reply_to=specimen.reply_to,
        subject=specimen.subject,
        html=specimen.html,
        text=specimen.text,
        headers=dict(specimen.headers),
    )


def got(mail: Mapping[str, Any]) -> Seen:
    """Return what a provider's server says that a reader gets."""
    headers = {name: str(value) for name, value in mail["headers"].items()}
    lower = {name.lower(): value for name, value in headers.items()}
    html, text = mail["html"], mail["text"]
    if THEIR_LINK in text:  # which Postmark adds
        html = html.replace(f'<a href="{THEIR_LINK}">Unsubscribe</a>', "")
        text = text.replace(f"\n\nUnsubscribe: {THEIR_LINK}", "")
        headers = {n: v for n, v in headers.items() if n not in THEIR_HEADERS}
    return _seen(
        address=mail["email"],
        sender=lower.get("from") or mail["sender"],
        reply_to=_reply_to(mail.get("replyTo") or lower["reply-to"]),
        subject=mail["subject"],
        html=html,
        text=text,
        headers=headers,
    )


def _reply_to(value: Any) -> str:
    return value["email"] if isinstance(value, dict) else parseaddr(str(value))[1]


def unsigned(text: str) -> str:
    """Take out the sign that stands for what Postmark adds, as `got` takes out what it adds."""
    return text.replace(of_postmark.THEIR_HTML, "").replace(of_postmark.THEIR_TEXT, "")


def without_signs(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return headers without those that stand for Postmark's own."""
    known, signs = tuple(headers), of_postmark.THEIR_HEADERS
    return tuple(each for each in known if each not in signs) if {*signs} <= {*known} else known


def _seen(*, sender: str, headers: Mapping[str, str], **parts: str) -> Seen:
    return Seen(
        sender=_mailbox(sender),
        headers={
            name.lower(): _masked(re.sub(r"\s+", " ", value))
            for name, value in without_signs(headers.items())
            if name.lower() not in _TRANSPORT and not name.lower().startswith("content-")
        },
        **{name: _masked(unsigned(value.replace("\r\n", "\n"))) for name, value in parts.items()},
    )


def _mailbox(text: str) -> tuple[str, str]:
    """Return name and address, of a header or as a server tells them, without quotes."""
    name, _, address = text.rpartition(" <")
    name = str(make_header(decode_header(re.sub(r"\r\n(?= )", "", name))))
    if name.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, address.removesuffix(">")


def _masked(text: str) -> str:
    """Put one sign in place of what signs each link, and of each key."""
    return _KEY.sub("KEY", re.sub(r"/([up])/[\w.-]+", r"/\1/TOKEN", text))


# --- the ways to a copy -------------------------------------------------------------------


@dataclass
class Desk:
    """A newsletter with an account at a provider."""

    site: Site
    account: Account
    blank: Path  # a ledger of nobody

    def ledger(self) -> Ledger:
        """Return a ledger in which there is nobody."""
        shutil.copy(self.blank, self.site.root / "newsletter.db")
        return open_ledger(self.site.root / "newsletter.db")

    @property
    def settings(self) -> Settings:
        """Return the settings as they are now."""
        return load_settings(self.site.root)


@pytest.fixture(scope="module", params=PROVIDERS)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Return a newsletter at each provider in turn."""
    name = str(request.param)
    folder = tmp_path_factory.mktemp(name)
    site = make_site(folder / "site")
    open_ledger(folder / "blank.db").close()
    flags: dict[str, Any] = {} if name in ("outbox", "smtp") else {"bodies": "all"}
    with opened(site, name, extra=EXTRA.get(name, ""), **flags) as account:
        key = site.environment.get("NEWSLETTER_API_KEY", "none")
        site.write(".env", f"NEWSLETTER_API_KEY={key}\nNEWSLETTER_SECRET=for-tests\n")
        yield Desk(site, account, folder / "blank.db")


@contextmanager
def mailed(desk: Desk) -> Iterator[dict[str, Seen]]:
    """Fill a dictionary with what readers get by the end of the block."""
    known: dict[str, Seen] = {}
    if isinstance(desk.account, OutboxAccount):  # whose files have no order in time
        shutil.rmtree(desk.site.root / "outbox", ignore_errors=True)
    before = len(desk.account.messages())
    yield known
    known |= {seen.address: seen for seen in map(got, desk.account.messages()[before:])}


def mail(settings: Settings, send: Send, ledger: Ledger) -> None:
    """Let a send go out."""
    clock = Clock(now=lambda: dt.datetime.now(dt.UTC), sleep=time.sleep, random=random.Random(1))
    with Worker(settings.root / "workers", ledger) as worker:
        result = carry(
            settings, send, ledger, worker=worker, clock=clock, progress=_quiet, stop=Event()
        )
    assert result.state == "done", result


def _quiet(_decided: int, _remark: str) -> None: ...


def plan_for(settings: Settings, manuscript: Manuscript, ledger: Ledger) -> Plan:
    """Return the plan of an issue, whatever checks would say."""
    census = take_census(ledger, manuscript, zone=settings.zone)
    wanted = dict.fromkeys([*census.counts, *manuscript.variants()])
    return Plan(
        manuscript=manuscript,
        census=census,
        editions=render_manuscript(settings, manuscript, wanted),
        report=Report(),
        sender=from_of(settings, manuscript),
    )


def readers_of(proof: Proof, language: str) -> list[Persona]:
    """Return the hardest readers of each edition in a language, no two with one address."""
    fullest = [v for v in proof.manuscript.variants() if v.language == language]
    variants = dict.fromkeys(v for each in fullest for v in (each, replace(each, met=frozenset())))
    ours = personas_of({variant: proof.edition(variant) for variant in variants})
    return [
        replace(
            persona,
            address=f"{len(persona.variant.met)}{persona.address}",
            values={
                **persona.values,
                **{
                    n: v
                    for rule in persona.variant.met
                    for n in rule.names
                    for v in rule.values_of(n)
                },
            },
        )
        for persona in [*ours, *twins_of(ours)]
    ]


def subscriber(persona: Persona) -> Subscriber:
    """Return somebody who has what a persona has."""
    values = {k: v for k, v in persona.values.items() if k not in ("name", "language")}
    return Subscriber(
        address=persona.address,
        key=new_keys(1)[0],
        name=persona.values.get("name", ""),
        language=persona.variant.language,
        attributes=values,
    )


# --- the promise --------------------------------------------------------------------------


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # each try mails people: shrinking takes minutes
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
@given(example=EXAMPLES)
@example(example=WITH_BOTH)
def test_what_is_looked_at_is_what_is_sent(desk: Desk, example: Example) -> None:
    can = PROVIDERS[desk.settings.provider.name].capabilities
    if example.has_picture and not can.inline_pictures:
        example = replace(example, public_url="https://kirje.example.org")  # where pictures lie
    issue_id = write(desk.site, example)
    config, ledger = desk.settings, desk.ledger()
    manuscript = read_manuscript(config, issue_id)
    proof = Proof(number=1, settings=config, manuscript=manuscript)
    personas = readers_of(proof, example.language)

    previewed = {p.address: seen(proof.specimen(p)) for p in personas}
    checked = take_specimens(
        config,
        stationery_for(config, manuscript),
        {persona.variant: proof.edition(persona.variant) for persona in personas},
        personas,
        now=NOW,
    )
    built = _built(desk, issue_id)
    plan = plan_for(config, manuscript, ledger)
    with mailed(desk) as to_a_stranger:
        mail(
            config,
            freeze_test(config, replace(plan, tests=("reader@example.org",)), ledger, NOW),
            ledger,
        )
    with ledger.write() as connection:
        people.add_subscribers(connection, map(subscriber, personas), NOW)
    plan = plan_for(config, manuscript, ledger)
    with mailed(desk) as tested:
        test = replace(plan, tests=tuple(persona.address for persona in personas))
        mail(config, freeze_test(config, test, ledger, NOW), ledger)
    with mailed(desk) as sent:
        send = freeze_plan(config, plan, ledger, NOW)
        mail(config, send, ledger)
    late = _late(desk, send, personas[0], ledger)
    ledger.close()

    assert [fault for specimen in checked for fault in faults_of(desk, specimen)] == []
    assert {specimen.address: seen(specimen) for specimen in checked} == sent
    assert previewed == sent
    assert tested == sent
    assert built == to_a_stranger["reader@example.org"]
    assert late in (None, sent[personas[0].address])
    assert violations(desk.account) == []


def _late(desk: Desk, send: Send, persona: Persona, ledger: Ledger) -> Seen | None:
    """Return what somebody gets who joins later, as if they had the address of one who got it."""
    joined = replace(subscriber(persona), address=LATE)
    with ledger.write() as connection:
        people.add_subscribers(connection, [joined], LATER)
    with ledger.read() as connection:
        known = sends.find_send(connection, send.scope)
    assert known
    if known.is_rehearsal:  # which is for nobody who joins later
        return None
    with mailed(desk) as got_late:
        plan = plan_late(desk.settings, ledger, known, LATER)
        mail(desk.settings, freeze_late(desk.settings, ledger, plan, LATER), ledger)
    seen = got_late[LATE]
    named = {part: getattr(seen, part) for part in ("address", "html", "text")}
    return replace(seen, **{n: text.replace(LATE, persona.address) for n, text in named.items()})


def test_a_notice_is_what_was_asked_for_and_has_nothing_of_a_list(desk: Desk) -> None:
    ledger = desk.ledger()

    with mailed(desk) as known:
        pipeline.notify(desk.settings, ledger, NOTICE, ["aino@example.org"], now=NOW, stop=Event())
    ledger.close()

    got_it = known["aino@example.org"]
    assert (got_it.subject, got_it.html.strip()) == (NOTICE.subject, NOTICE.html)
    assert got_it.text.strip() == NOTICE.text.strip()
    assert got_it.headers == {"auto-submitted": "auto-generated", HEADER.lower(): "KEY"}
    assert violations(desk.account) == []


def faults_of(desk: Desk, specimen: Specimen) -> Iterator[str]:
    """Yield the promises that a copy breaks, and what of it is not what was written."""
    specimen = replace(
        specimen,
        html=unsigned(specimen.html),
        text=unsigned(specimen.text),
        headers=without_signs(specimen.headers),
    )
    config, persona, edition = desk.settings, specimen.persona, specimen.edition
    answers, link = specimen.reply_to, config.newsletter.public_url or ""
    data = " ".join((*persona.values.values(), config.newsletter.from_))
    own = {persona.address, answers, specimen.sender[1], *addresses_in(f"{answers} {data}")}
    mailto = unsubscribe_mailto(answers, edition.language)
    if leave := config.mailbox.leave_to:
        own |= {leave, with_key(leave, "KEY"), with_key(leave, _key_in(specimen))}
        mailto = with_key(unsubscribe_mailto(leave, edition.language, key=PLACE), "KEY")
    yield from faults_of_copy(
        replace(specimen, headers=tuple((n, _masked(v)) for n, v in specimen.headers)),
        own=own,
        mailto=mailto,
        link=f"{link}/u/TOKEN" if link else "",
    )
    if "form" not in vars(PROVIDERS[config.provider.name]):
        yield from faults_of_message(specimen.raw)
    token = re.search(r"[^\"]*/u/[\w.-]+", specimen.html)
    values = {**persona.values, "email": persona.address}
    if chosen := re.search(r"[^\"]*/p/[\w.-]+", specimen.html):
        values["preferences_url"] = chosen[0]
    if token:
        values["unsubscribe_url"] = token[0]
    elif leave:
        keyless = unsubscribe_mailto(leave, edition.language, key=PLACE)
        values["unsubscribe_url"] = with_key(keyless, _key_in(specimen))
    wanted = split_html_at_slots(edition.html, edition.slots).fill(values)
    if specimen.html.replace("[&#91;", "[[") != wanted:  # which Mailjet would carry out
        yield "merge-hostile" if persona.id == "hostile" else "roundtrip"
    text = split_text_at_slots(edition.text, edition.slots).fill(values)
    if specimen.text.replace("[\u2060[\u2060", "[[") != text:
        yield "merge-hostile" if persona.id == "hostile" else "roundtrip"
    if specimen.subject != split_at_slots(
        for_header(edition.subject), edition.slots, for_header
    ).fill(values):
        yield "subject-encoding"


def _key_in(specimen: Specimen) -> str:
    """Return the reader's key to leave by."""
    offered = (specimen.header("List-Unsubscribe"), *re.findall(r"mailto:[^\"]*", specimen.html))
    [key] = set(_KEY.findall(" ".join(offered))) or {""}
    return str(key)


def _built(desk: Desk, issue_id: str) -> Seen:
    """Return the message that `build` writes, which has the page and text of its other files."""
    out = desk.site.root / "out"
    arguments = ["-C", str(desk.site.root), "build", issue_id, "--out", str(out)]
    outcome = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    message = read_message((out / f"{issue_id}.eml").read_bytes())
    for part, file in (("html", f"{issue_id}.html"), ("text", f"{issue_id}.txt")):
        written = re.sub(r"(?<=\")pictures/(\w+)\.\w+", r"cid:\1", (out / file).read_text("utf-8"))
        assert message[part].replace("\r\n", "\n") == written
    return got({"email": parseaddr(message["headers"]["To"])[1], **message})
