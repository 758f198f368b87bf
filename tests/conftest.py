"""A newsletter in a temporary folder, and the whole program, in processes, to drive it with."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from newsletter.masking import forget_secrets
from tests.naming import name_of
from tests.servers.brevo import BrevoServer
from tests.servers.forked import Forked, run_forked
from tests.servers.house import ProviderServer, specification
from tests.servers.postgres import postgres  # noqa: F401 - a fixture
from tests.waiting import PATIENCE

REPOSITORY = Path(__file__).parents[1]
_STARTED: list[Forked] = []
_AT_LENGTH = {"stories", "borders", "doubling", "browser", "servers"} | {
    "test_commonmark.py",
    "test_broken_answers.py",
}
# No test fails because a machine is slow. Fixtures of one test serve all its examples.
_PATIENT = settings(
    settings.default,  # where CI is set, that draws the same examples on every run
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("patient", _PATIENT)
settings.load_profile("patient")
os.environ["NEWSLETTER_LANG"] = "en"  # of all that is started: stories read what it says
LEDGER = "subscribers/newsletter.db"
_LEDGERS: dict[int, bytes] = {}  # by how many people are on the list
SECRETS = ("NEWSLETTER_API_KEY", "NEWSLETTER_SECRET", "NEWSLETTER_SMTP_PASSWORD")


@dataclass
class Site:
    """A newsletter's folder, and the program as its editor runs it there."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(
        self, *arguments: str, answer: str = "", code: int | None = 0, forked: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; `answer` is typed at its prompt; `code` is the exit code to expect.

        Only the few stories that need a fresh interpreter are not forked, which takes longer.
        """
        done = (self._run_forked if forked else self._run_started)(arguments, answer)
        if code is not None:
            said = f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
            assert done.returncode == code, said
        return done

    def _run_forked(
        self, arguments: Sequence[str], answer: str
    ) -> subprocess.CompletedProcess[str]:
        return run_forked(
            self._arguments(*arguments),
            answer=answer,
            environment=self.full_environment,
        )

    def _run_started(
        self, arguments: Sequence[str], answer: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            input=answer,
            capture_output=True,
            encoding="utf-8",
            env=self.full_environment,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str, asks: bool = False) -> Forked:
        """Start a command that ends with its test at the latest; see `Forked`."""
        process = Forked(self._arguments(*arguments), environment=self.full_environment, asks=asks)
        _STARTED.append(process)
        return process

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that starts the program here, in an interpreter of its own."""
        return [sys.executable, "-m", "newsletter", *self._arguments(*arguments)]

    def _arguments(self, *arguments: str) -> list[str]:
        return ["-C", str(self.root), *arguments]

    @property
    def full_environment(self) -> dict[str, str]:
        """Return a clean environment with this site's own variables."""
        clean = {k: v for k, v in os.environ.items() if k not in SECRETS}
        return {**clean, "NO_COLOR": "1", "COLUMNS": "100", **self.environment}

    def settings(self, **replacements: str) -> None:
        """Replace lines of newsletter.toml, found by the beginning of their key."""
        path = self.root / "newsletter.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        for key, line in replacements.items():
            at = next(n for n, text in enumerate(lines) if text.startswith(key))
            lines[at] = line
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        """Write a file of the newsletter."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def people(self, count: int) -> None:
        """Import so many invented people; a new ledger of so many is made once, then copied."""
        rows = "".join(f"person{n}@example.org,Person {n},fi\n" for n in range(count))
        path = self.write("subscribers/people.csv", "email,name,language\n" + rows)
        ledger, settings = self.root / LEDGER, self.root / "newsletter.toml"
        is_new = LEDGER in settings.read_text(encoding="utf-8") and not ledger.exists()
        if is_new and count in _LEDGERS:
            ledger.touch(mode=0o600)
            ledger.write_bytes(_LEDGERS[count])
            return
        self.run("subscribers", "import", str(path), "--yes")
        if is_new:
            _LEDGERS[count] = ledger.read_bytes()


ISSUE = """\
---
subject: "Kesäkuun kirje"
preheader: "Tässä kirjeessä kerrotaan kesän kuulumiset ja syksyn suunnitelmat."
date: 2026-06-15
number: 6
---
Hei {{ name|"hyvä lukija" }}!

## Kuulumisia

Kesä on täällä, ja [verkkosivut](https://www.example.org/) ovat uudet.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make torture` try all of what `make test` tries a part of, another part everywhere."""
    parser.addoption("--at-length", action="store_true", help="try all, not a part")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out: a server's database, stories, hundreds of examples."""
    if not config.getoption("at_length"):
        left_out = [item for item in items if item.get_closest_marker("at_length")]
        ids = {id(item) for item in left_out}
        items[:] = [item for item in items if id(item) not in ids]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()) or "postgresql" in item.name:
            item.add_marker(pytest.mark.postgresql)
        is_drawn = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
        if is_drawn or _AT_LENGTH.intersection(item.path.parts):
            item.add_marker(pytest.mark.long)
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """Let no search for garbage look through fourteen thousand tests: that took a tenth of all."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name the cases of the tests."""
    return name_of(val)


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """Let no process of a test outlive it, and no pipe to one stay open."""
    yield
    while _STARTED:
        _STARTED.pop().end()


@pytest.fixture(autouse=True)
def _no_secrets() -> Iterator[None]:
    """Let no test's secret be masked in the texts of others, which share the process."""
    yield
    forget_secrets()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A newsletter with one short issue and nobody on its list."""
    return make_site(tmp_path / "site")


@pytest.fixture
def sample(tmp_path: Path) -> Site:
    """The sample newsletter of the repository, its 640 people not yet imported."""
    return make_sample(tmp_path / "sample")


def make_site(root: Path) -> Site:
    """Make a newsletter with one short issue."""
    root.mkdir()
    shutil.copy(REPOSITORY / "newsletter.toml", root)
    made = Site(root)
    made.write("issues/2026-06.md", ISSUE)
    return made


def make_sample(root: Path) -> Site:
    """Copy the sample newsletter of the repository."""
    (root / "subscribers").mkdir(parents=True)
    shutil.copy(REPOSITORY / "newsletter.toml", root)
    shutil.copytree(REPOSITORY / "issues", root / "issues")
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    shutil.copy(REPOSITORY / "subscribers" / "example.csv", root / "subscribers")
    return Site(root)


StartBrevo = Callable[..., BrevoServer]
StartProvider = Callable[..., ProviderServer]
SERVERS: dict[str, type[ProviderServer]] = {"brevo": BrevoServer}


@pytest.fixture
def start_provider(tmp_path: Path) -> Iterator[StartProvider]:
    """Start servers that speak the API of a provider, and point newsletters at them.

    Called with a site, the provider's name and the server's flags; `extra` is further TOML for
    the table `[provider]`.
    """
    started: list[ProviderServer] = []

    def start(site: Site, name: str, *, extra: str = "", **options: object) -> ProviderServer:
        given = {
            "name": name,
            "journal_file": tmp_path / f"journal{len(started)}.jsonl",
            "spec": specification(name),
            **options,
        }
        server = SERVERS.get(name, ProviderServer)(**given)  # type: ignore[arg-type]
        server.start()
        started.append(server)
        site.environment["NEWSLETTER_API_KEY"] = server.api_key
        site.settings(name=f'name = "{name}"\nbase_url = "{server.url}"\n{extra}')
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def start_brevo(start_provider: StartProvider) -> StartBrevo:
    """Start servers that speak Brevo's API, and point newsletters at them."""

    def start(site: Site, **options: object) -> BrevoServer:
        server = start_provider(site, "brevo", **options)
        assert isinstance(server, BrevoServer)
        return server

    return start
