"""A few questions make a newsletter ready to send, and nothing is written that was not shown."""

import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from tests.conftest import Site, StartProvider
from tests.servers.smtp import SmtpServer

WHO = "Säätiön kirje\n\nkirje@saatio.example.org\n\nSäätiö, Katu 1, 00100 Helsinki\n"
PRACTICE = "\n\n"  # no public address; tests to where answers go
REST = "\n\n\n\n"  # the same, with no place for pictures, and nobody's opens
KEY = "test-key"
SECRET = "hush-hush-hush"  # noqa: S105 - of a server that is played
BY_OPTIONS = ("--address", "kirje@saatio.example.org", "--sender", "Säätiö, Katu 1")


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """A newsletter as `init` makes it."""
    site = Site(tmp_path / "kirje")
    Site(tmp_path).run("--lang", "en", "init", "kirje")
    return site


def settings_of(site: Site) -> dict[str, Any]:
    return tomllib.loads((site.root / "newsletter.toml").read_text(encoding="utf-8"))


def secrets_of(site: Site) -> dict[str, str | None]:
    return dotenv_values(stream=StringIO((site.root / ".env").read_text(encoding="utf-8")))


def everything(site: Site) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(site.root.rglob("*")) if p.is_file()}


def provided(site: Site, start: StartProvider, name: str, **options: Any) -> Any:
    """Start an account, of which the newsletter knows nothing yet but where it would be."""
    server = start(site, name, **options)
    site.settings(name='name = "outbox"')
    del site.environment["NEWSLETTER_API_KEY"]
    return server


def test_answers_become_settings_and_a_key_that_the_provider_knows(
    fresh: Site, start_provider: StartProvider
) -> None:
    server = provided(fresh, start_provider, "brevo")
    remarks = [line for line in lines_of(fresh) if line.startswith("#")]

    done = fresh.run("setup", answer=f"{WHO}brevo\n{KEY}\n{REST}yes\n")

    found = settings_of(fresh)
    assert found["newsletter"]["title"] == "Säätiön kirje"
    assert found["newsletter"]["from"] == "Säätiön kirje <kirje@saatio.example.org>"
    assert found["newsletter"]["reply_to"] == "kirje@saatio.example.org"
    assert found["newsletter"]["sender"] == "Säätiö, Katu 1, 00100 Helsinki"
    assert found["provider"]["name"] == "brevo"
    assert found["preview"]["test_addresses"] == ["kirje@saatio.example.org"]
    assert found["tracking"]["opens"] == "off"
    assert [line for line in lines_of(fresh) if line.startswith("#")] == remarks
    assert secrets_of(fresh)["NEWSLETTER_API_KEY"] == KEY
    assert len(secrets_of(fresh)["NEWSLETTER_SECRET"] or "") >= 32
    assert (fresh.root / ".env").stat().st_mode & 0o077 == 0
    assert server.asked() == ["GET /v3/account"]
    assert server.messages() == []
    assert "brevo answers, and knows the key" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert "from becomes Säätiön kirje <kirje@saatio.example.org>; it was kirje <n" in done.stderr
    assert "newsletter send ID --test kirje@saatio.example.org" in done.stderr


def lines_of(site: Site) -> list[str]:
    return (site.root / "newsletter.toml").read_text(encoding="utf-8").splitlines()


def test_a_second_time_it_offers_what_is_set_and_changes_nothing(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    fresh.run("setup", answer=f"{WHO}brevo\n{KEY}\n{REST}yes\n")
    before = everything(fresh)

    done = fresh.run("setup", answer="\n" * 11)

    assert everything(fresh) == before
    assert "Nothing changes." in done.stderr
    assert "[Säätiön kirje]" in done.stderr


@pytest.mark.parametrize(
    "answer",
    [
        WHO,  # the terminal is closed in between
        f"{WHO}brevo\n{KEY}\n{REST}no\n",
        f"{WHO}brevo\n{KEY}\n{REST}",
        f"{WHO}brevo\n" + "wrong-key\nbrevo\n" * 5,
        "\n\nnot an address\n" * 5,
        "\n" * 30,
    ],
    ids=["closed", "no", "no-answer", "wrong-keys", "no-address", "only-enter"],
)
def test_without_a_yes_nothing_is_written(
    fresh: Site, start_provider: StartProvider, answer: str
) -> None:
    provided(fresh, start_provider, "brevo")
    before = everything(fresh)

    done = fresh.run("setup", answer=answer, code=None)

    assert done.returncode in (1, 2)
    assert everything(fresh) == before


def test_a_wrong_answer_is_told_at_once_and_asked_for_again(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    who = "\n\nkirje at example\nkirje@saatio.example.org\nnobody\n\nSäätiö\n"

    done = fresh.run(
        "setup",
        answer=f"{who}brewo\nbrevo\nwrong-key\nbrevo\n{KEY}\nnews.example.org\n\n\n\n\nyes\n",
    )

    told = done.stderr
    assert told.count("expected") == 3  # of two addresses, and of one on the web
    assert "did you mean “brevo”?" in told
    assert "check NEWSLETTER_API_KEY" in told
    assert settings_of(fresh)["newsletter"].get("public_url") is None


def test_nobody_is_counted_but_by_a_word_that_the_settings_allow(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    served = "https://news.example.org\n\n"
    without = fresh.run("setup", answer=f"{WHO}brevo\n{KEY}\n\n\nconsented\nei\n\nyes\n").stderr

    done = fresh.run("setup", answer="\n" * 7 + f"{served}consented\n\nyes\n").stderr
    found = settings_of(fresh)
    fresh.run("setup", answer="\n" * 7 + "-\n\n\n\nyes\n")

    assert "in Finland each has to agree" in without
    assert "known: off, provider" in without
    assert found["tracking"]["opens"] == "consented"
    assert "newsletter serve --worker --port 8080" in done
    assert "Write a privacy notice" in done
    assert settings_of(fresh)["tracking"]["opens"] == "off"


def test_only_what_matters_is_asked_and_numbered_in_turn(fresh: Site) -> None:
    practice = fresh.run("setup", answer=f"{WHO}outbox\nhttp://127.0.0.1:8000\n\nyes\n").stderr

    numbered = [line for line in practice.splitlines() if line[:1].isdecimal()]
    assert [line[:2] for line in numbered] == ["1.", "2.", "3.", "4."]
    assert "key" not in "".join(numbered)
    assert "newsletter serve --worker --port 8000" in practice


def test_an_option_that_answers_no_question_is_refused_and_nothing_is_written(fresh: Site) -> None:
    before = settings_of(fresh)
    answers = ["--provider", "outbox", "--opens", "aggregate", "--host", "mail.example.org"]

    told = fresh.run("setup", "--yes", *BY_OPTIONS, *answers, code=2).stderr

    assert "nothing asks for --host, --opens" in told
    assert settings_of(fresh) == before


def test_scripts_answer_by_options(fresh: Site, start_provider: StartProvider) -> None:
    provided(fresh, start_provider, "brevo")
    key = fresh.write("key.txt", f"{KEY}\n")

    missing = fresh.run("setup", "--yes", "--provider", "brevo", code=2)
    wrong = fresh.run("setup", "--yes", *BY_OPTIONS, "--provider", "pigeon", code=2)
    refused = fresh.run(
        "setup",
        "--yes",
        *BY_OPTIONS,
        "--provider",
        "brevo",
        "--key-file",
        "-",
        answer="wrong",
        code=4,
    )
    fresh.run(
        *("setup", "--yes", *BY_OPTIONS, "--provider", "brevo", "--key-file", str(key)),
        *("--public-url", "https://news.example.org", "--test", "a@example.org, b@example.org"),
    )

    assert "--address is needed with --yes" in missing.stderr
    assert "--provider: known: " in wrong.stderr
    assert "check NEWSLETTER_API_KEY" in refused.stderr
    found = settings_of(fresh)
    assert found["newsletter"]["public_url"] == "https://news.example.org"
    assert found["preview"]["test_addresses"] == ["a@example.org", "b@example.org"]
    assert secrets_of(fresh)["NEWSLETTER_API_KEY"] == KEY


def test_an_smtp_server_is_logged_in_to(fresh: Site, tmp_path: Path) -> None:
    journal = tmp_path / "smtp.jsonl"
    with SmtpServer(journal_file=journal, username="kirje", password=SECRET) as server:
        before = f'name = "outbox"\nport = {server.port}\nsecurity = "none"'
        fresh.settings(name=before)
        done = fresh.run(
            "setup",
            answer=f"{WHO}smtp\n{server.host}\nkirje\nwrong-wrong\n"
            f"smtp\n{server.host}\nkirje\n{SECRET}\n{PRACTICE}yes\n",
        )

    found = settings_of(fresh)["provider"]
    assert (found["name"], found["host"], found["username"]) == ("smtp", server.host, "kirje")
    assert secrets_of(fresh)["NEWSLETTER_SMTP_PASSWORD"] == SECRET
    assert "check username under [provider]" in done.stderr


def test_settings_that_were_written_meanwhile_are_not_lost(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    process = fresh.start("setup", asks=True)
    process.stdin.write(f"{WHO}outbox\n{PRACTICE}")
    process.stdin.flush()
    while "This changes" not in process.stderr.readline():
        pass
    fresh.write("newsletter.toml", (fresh.root / "newsletter.toml").read_text("utf-8") + "# mine\n")
    process.stdin.write("yes\n")
    told = process.communicate()[1]

    assert "changed in the meantime" in told
    assert process.wait() == 2
    assert "# mine" in (fresh.root / "newsletter.toml").read_text(encoding="utf-8")
    assert not (fresh.root / ".env").exists()


def test_a_key_in_the_environment_is_kept_and_told_of(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    fresh.environment["NEWSLETTER_API_KEY"] = KEY

    kept = fresh.run("setup", answer=f"{WHO}brevo\n\n{REST}yes\n")
    other = fresh.run("setup", answer=f"\n\n\n\n\nbrevo\n{KEY}\n{REST}yes\n")

    assert "NEWSLETTER_API_KEY" not in secrets_of_first(kept.stderr)
    assert "is set in the environment, too" in other.stderr


def secrets_of_first(told: str) -> str:
    """Return what a run says it writes into .env."""
    return "".join(line for line in told.splitlines() if ".env:" in line)


@pytest.mark.parametrize(
    "name", ['A "B" \\ C', "Säätiö, “kirje”", "x" * 300, "<b>x</b>", "= [x]\t#", "a@example.org"]
)
def test_any_name_is_written_as_it_was_typed_or_refused(
    fresh: Site, start_provider: StartProvider, name: str
) -> None:
    provided(fresh, start_provider, "brevo")
    who = f"{name}\n" * 5 + "\nkirje@saatio.example.org\n\nSäätiö\n"

    done = fresh.run("setup", answer=f"{who}brevo\n{KEY}\n{REST}yes\n", code=None)

    assert "Traceback" not in done.stderr
    settings_of(fresh)


def test_a_folder_that_cannot_be_written_is_told(
    fresh: Site, start_provider: StartProvider
) -> None:
    provided(fresh, start_provider, "brevo")
    (fresh.root / ".env").mkdir()

    done = fresh.run("setup", answer=f"{WHO}brevo\n{KEY}\n{REST}yes\n", code=3)

    assert ".env" in done.stderr
    assert settings_of(fresh)["provider"]["name"] == "outbox"


def test_other_secrets_stay_as_they_are(fresh: Site, start_provider: StartProvider) -> None:
    provided(fresh, start_provider, "brevo")
    mine = "# mine\nNEWSLETTER_SECRET=0123456789abcdef0123456789abcdef\nOTHER='a b'\n"
    fresh.write(".env", mine)

    fresh.run("setup", answer=f"{WHO}brevo\n{KEY}\n{REST}yes\n")

    assert (fresh.root / ".env").read_text("utf-8") == f"{mine}NEWSLETTER_API_KEY={KEY}\n"
    assert (fresh.root / ".env").stat().st_mode & 0o077 == 0
