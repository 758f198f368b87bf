"""The main job on the sample newsletter, with no account: everything goes to the local outbox."""

import email
import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path

from tests.conftest import Site

_STRUCTURED = re.compile(
    rb"^(?:List-[A-Za-z-]+|Message-ID|Reply-To|Date|To|Content-[A-Za-z-]+|MIME-Version):"
    rb"(?:[^\r\n]|\r\n[ \t])*",
    re.MULTILINE,
)


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _imported(sample: Site) -> Site:
    sample.run("subscribers", "import", str(sample.root / "subscribers/example.csv"), "--yes")
    return sample


def test_every_subscriber_gets_one_message_without_defects(sample: Site) -> None:
    _imported(sample).run("send", "2021-06", "--yes")

    files = sorted((sample.root / "outbox/2021-06").glob("*.eml"))
    messages = [_read(path) for path in files]
    assert len({m["To"] for m in messages}) == len(messages) == 640
    assert len({m["Message-ID"] for m in messages}) == 640
    for message in messages:
        parts = list(message.walk())
        assert not [d for part in parts for d in part.defects]
        assert not [d for p in parts for v in p.values() for d in getattr(v, "defects", ())]


def test_a_message_has_what_mail_programs_and_filters_ask_for(sample: Site) -> None:
    _imported(sample).run("send", "2021-06", "--yes")

    raw = (sample.root / "outbox/2021-06/aino.virtanen@example.org.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["From"] == "Työhönvalmennus <uutiskirje@example.org>"
    assert message["To"] == "aino.virtanen@example.org"
    assert message["List-Unsubscribe"].startswith("<mailto:toimitus@example.org?subject=")
    assert message["List-Id"] == "<uutiskirje.example.org>"
    assert message["Date"].datetime.tzinfo is not None
    assert not message["Cc"]
    assert not message["Bcc"]
    types = [part.get_content_type() for part in message.walk()]
    assert types.index("text/plain") < types.index("text/html") < types.index("image/png")
    assert all(b"=?" not in header for header in _STRUCTURED.findall(raw.partition(b"\r\n\r\n")[0]))


def test_sending_again_rehearses_anew_in_place_of_the_first_time(sample: Site) -> None:
    _imported(sample).run("send", "2021-06", "--yes")
    files = sorted(path.name for path in (sample.root / "outbox/2021-06").iterdir())

    again = sample.run("send", "2021-06", "--yes")

    assert "It was a rehearsal: no reader was mailed." in again.stderr
    assert sorted(path.name for path in (sample.root / "outbox/2021-06").iterdir()) == files


def test_the_outbox_has_a_page_to_look_through(sample: Site) -> None:
    _imported(sample).run("send", "2021-06", "--yes")

    folder = sample.root / "outbox/2021-06"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count('.eml"') == 640
    shown = re.findall(r'href="([^"]+\.html)"', page)
    assert shown
    assert all((folder / name).exists() for name in shown)


def test_status_accounts_for_everybody(sample: Site) -> None:
    _imported(sample).run("subscribers", "remove", "aino.virtanen@example.org")
    sample.run("send", "2021-06", "--yes")

    status = json.loads(sample.run("status", "2021-06", "--json").stdout)

    assert status["state"] == "done"
    assert status["counts"]["accepted"] == 639
    assert status["left_out"] == {"unsubscribed": 1}


def test_only_readers_in_a_segment_get_what_is_for_them(sample: Site) -> None:
    _imported(sample).run("send", "2021-05", "--yes")

    texts = [
        body.get_content()
        for path in (sample.root / "outbox/2021-05").glob("*.eml")
        if (body := _read(path).get_body(("plain",)))
    ]
    assert sum("Terveisiä Lappiin!" in text for text in texts) == 20
    assert len(texts) == 640


def test_a_test_message_goes_to_its_address_alone_and_counts_for_nothing(sample: Site) -> None:
    _imported(sample).run("send", "2021-06", "--test", "minä.itse@example.org", "--yes", code=2)
    sample.run("send", "2021-06", "--test", "mina@example.org", "--yes")

    assert [p.name for p in (sample.root / "outbox").glob("*/*.eml")] == ["mina@example.org.eml"]
    assert sample.run("stats", "--json").stdout.strip() == "[]"
    sample.run("send", "2021-06", "--yes")
    assert len(list((sample.root / "outbox/2021-06").glob("*.eml"))) == 640


def test_what_is_sent_is_what_was_frozen_whatever_became_of_the_file(site: Site) -> None:
    site.people(3)
    site.run("send", "2026-06", "--test", "mina@example.org", "--yes")
    shown = site.run("send", "2026-06", answer="no\n", code=1).stderr
    assert "Kesäkuun kirje" in shown

    held = site.run("send", "2026-06", "--canary", "1", answer="yes\nno\n", code=None)
    site.write("issues/2026-06.md", "gone")

    assert "Going on with 2026-06" in site.run("send", "2026-06", "--yes").stderr
    messages = list((site.root / "outbox" / "2026-06").glob("*.eml"))
    assert len(messages) == 3, held.stderr


def test_headers_are_frozen_with_the_issue_whatever_became_of_the_settings(site: Site) -> None:
    site.people(4)
    site.run("send", "2026-06", "--canary", "1", "--yes", code=1)
    site.settings(
        **{"from": 'from = "Toinen <toinen@example.com>"'},
        reply_to='reply_to = "muu@example.com"',
        language='language = "sv"',
    )

    site.run("send", "2026-06", "--yes")

    mails = [_read(path) for path in (site.root / "outbox/2026-06").glob("*.eml")]
    assert len(mails) == 4
    for name in ("From", "Reply-To", "List-Id", "List-Unsubscribe"):
        assert len({str(mail[name]) for mail in mails}) == 1, name
