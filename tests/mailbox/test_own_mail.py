"""What our own mails carry tells whom an answer, a bounce or a complaint is about."""

import datetime as dt
import re
from pathlib import Path

import pytest

from newsletter.composing import Composer
from newsletter.mailbox import Kind, Rules, read_mail
from newsletter.mailkeys import HEADER, Keyring
from newsletter.model import Copy, Edition, Recipient, Stationery
from newsletter.providers import PROVIDERS
from newsletter.providers.base import Options
from tests.mailbox.letters import SECRET, head, plain, recipient, report

SEND, SUBSCRIBER = "ab" * 16, "QUlOT0FJTk9BSU5PQUlO"
RULES = Rules(keys=Keyring(secret=SECRET, sends={SEND[:8]: SEND}))
NOW = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)


def copy_for(
    provider: str, folder: Path, *, leave_to: str = "", public_url: str = "", return_to: str = ""
) -> tuple[Copy, str]:
    """Return what a reader gets through a provider, and the return path."""
    stationery = Stationery(
        key=SEND,
        folder="2026-12",
        sender=("Kirje", "kirje@example.org"),
        reply_to="toimitus@example.org",
        tag="2026-12",
        list_id="kirje.example.org",
        secret=SECRET,
        leave_to=leave_to,
        public_url=public_url,
        return_to=return_to,
    )
    edition = Edition(
        issue_id="2026-12",
        variant="fi",
        language="fi",
        subject="Kirje",
        html="<p>Hei</p>",
        text="Hei",
        slots=(),
        digest="0" * 64,
    )
    kind = PROVIDERS[provider]
    options = Options(folder=folder, domain="example.org", region="eu-north-1")
    composer = Composer(stationery, kind, options, load_edition=lambda _: edition, now=lambda: NOW)
    reader = Recipient(
        delivery=4711,
        address="aino@example.org",
        key=SUBSCRIBER,
        name="",
        language="fi",
        attributes_json="{}",
        standing="active",
    )
    call = composer.compose(1, [reader], key="6b0ea1e9-0000-4000-8000-000000000000", batch=1)
    [copy] = kind.read_back(call)
    return copy, call.messages[0].returns


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_every_mail_carries_the_key_of_its_delivery(provider: str, tmp_path: Path) -> None:
    copy, _ = copy_for(provider, tmp_path)

    returned = f"{HEADER}: {copy.header(HEADER)}\r\nMessage-ID: <new@provider.example>\r\n"
    verdict = read_mail(report(recipient("5.1.1"), back=returned), RULES)

    assert (verdict.kind, verdict.reference) == (Kind.HARD, f"{SEND[:8]}-4711")


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {"postmark"}))  # it has its own link
@pytest.mark.parametrize("leave_to", ["eroa+*@example.org", "eroa@example.org"])
@pytest.mark.parametrize("public_url", ["", "https://kirje.example.org"])
def test_an_answer_to_the_way_out_tells_who_leaves(
    provider: str, leave_to: str, public_url: str, tmp_path: Path
) -> None:
    copy, _ = copy_for(provider, tmp_path, leave_to=leave_to, public_url=public_url)

    offered = re.search(r"<mailto:([^?>]+)\?subject=([^>]+)>", copy.header("List-Unsubscribe"))
    assert offered
    to, subject = offered[1], offered[2].replace("%20", " ")
    verdict = read_mail(plain(head("muu@example.net", subject, to=to), ""), RULES)

    assert len(to.partition("@")[0]) <= 64
    assert (verdict.kind, verdict.subscriber) == (Kind.UNSUBSCRIBED, SUBSCRIBER)


def test_over_smtp_the_return_path_and_the_id_have_the_key(tmp_path: Path) -> None:
    copy, returns = copy_for("smtp", tmp_path, return_to="palaa+*@example.org")

    by_path = read_mail(report(recipient("5.1.1"), back="", to=returns), RULES)
    back = f"Message-ID: {copy.header('Message-ID')}\r\n"
    by_id = read_mail(report(recipient("5.1.1"), back=back), RULES)

    assert by_path.reference == by_id.reference == f"{SEND[:8]}-4711"


TOOK = "Received: from mx by mail.example.org; Tue, 01 Dec 2026 10:02:12 +0200"
SENT = "Received: from phone by mx; Thu, 01 Jan 1970 00:00:00 +0000"


@pytest.mark.parametrize(
    ("traces", "written", "came"),
    [
        ([TOOK, SENT], "Thu, 01 Jan 1970 00:00:09 +0000", NOW.replace(minute=2, second=12)),
        ([TOOK], "Fri, 01 Dec 2209 10:02:11 +0200", NOW.replace(minute=2, second=12)),
        ([], "Tue, 01 Dec 2026 10:02:11 +0200", NOW.replace(minute=2, second=11)),
        (["Received: by x"], "Tue, 01 Dec 2026 10:02:11 +0200", NOW.replace(minute=2, second=11)),
        ([], "Thu, 01 Jan 1970 00:00:09 +0000", None),
        ([SENT], "nonsense", None),
    ],
    ids=["a clock behind", "one ahead", "no trace", "a trace of no time", "neither", "nonsense"],
)
def test_a_mail_came_when_the_last_server_says_and_not_its_writers_clock(
    traces: list[str], written: str, came: dt.datetime | None
) -> None:
    top = "".join(f"{trace}\r\n" for trace in traces)
    raw = f"{top}From: a@example.org\r\nSubject: x\r\nDate: {written}\r\n\r\nHei\r\n"

    assert read_mail(raw.encode(), RULES).at == came
