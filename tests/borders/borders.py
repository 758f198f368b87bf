"""The borders over which things come in, and how a broken thing is put there."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import click
from pydantic import BaseModel

from newsletter.cli.main import COMMANDS, cli
from newsletter.settings.schema import (
    CheckTable,
    CollectTable,
    DatabaseTable,
    NewsletterTable,
    PreviewTable,
    ProviderTable,
    TrackingTable,
)
from tests.borders.corpus import CONTENTS, PLACES, VALUES, WORDS
from tests.borders.runner import Trial
from tests.conftest import ISSUE, Site, make_site

Lay = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A way in, and the trials at it."""

    name: str
    trials: Callable[[Path], Iterator[Trial]]  # made in an empty folder
    names: str = ""  # words of which a failure says one, such as "a|b"; "" where it depends


def site_in(folder: Path, number: int) -> Site:
    """Make a newsletter for one trial."""
    return make_site(folder / str(number))


def trial(site: Site, name: str, arguments: Sequence[str], *, answer: bytes = b"") -> Trial:
    """Return a trial at a site that was prepared."""
    return Trial(
        name=name,
        root=str(site.root),
        arguments=arguments,
        environment=site.full_environment,
        answer=answer.decode("latin-1"),
    )


def _as_it_is(_: Path) -> None:
    """Change nothing."""


def of_file(
    name: str,
    path: str,
    arguments: Sequence[str],
    *,
    prepare: Lay = _as_it_is,
    names: str = "",
    contents: Mapping[str, bytes] = CONTENTS,
) -> Border:
    """Return a border that is a file: every content, and everything in its place."""

    def lay_content(data: bytes) -> Lay:
        return lambda file: _write(file, data)

    broken = {key: lay_content(data) for key, data in contents.items()} | dict(PLACES)

    def trials(folder: Path) -> Iterator[Trial]:
        for number, (what, lay) in enumerate(broken.items()):
            site = site_in(folder, number)
            prepare(site.root)
            file = site.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.is_dir():
                shutil.rmtree(file)
            file.unlink(missing_ok=True)
            lay(file)
            yield trial(site, what, arguments)

    return Border(name=name, trials=trials, names=names or Path(path).name.partition(".md")[0])


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)


# --- files --------------------------------------------------------------------------------

SEND_TEST = ("send", "2026-06", "--test", "a@example.org", "--yes")
PICTURE = ISSUE + "\n![Kuva](2026-06/kuva.{})\n"


def _with_picture(kind: str) -> Lay:
    return lambda root: _write(root / "issues/2026-06.md", PICTURE.format(kind).encode())


def _with_key(root: Path) -> None:
    file = root / "newsletter.toml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace('name = "outbox"', 'name = "brevo"\nbase_url = "http://127.0.0.1:1/v3"')
    file.write_text(changed, encoding="utf-8")


def _with_feed(root: Path) -> None:
    with (root / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write('\n[collect]\nallow_internal = true\nfeeds = [{url = "http://127.0.0.1:1/"}]\n')


_SOME = dict(islice(CONTENTS.items(), 0, None, 5))
FILES = (
    of_file("issue", "issues/2026-06.md", ("check", "2026-06")),
    of_file("issue that is built", "issues/2026-06.md", ("build", "2026-06"), contents=_SOME),
    of_file("issue in another language", "issues/2026-06.sv.md", ("check", "2026-06")),
    of_file("issue beside", "issues/2026-05.md", ("list",)),
    of_file("folder of issues", "issues", ("list",)),
    of_file(
        "list of people",
        "subscribers/p.csv",
        ("subscribers", "import", "subscribers/p.csv"),
        names="p.csv|line ",
    ),
    of_file(
        "workbook",
        "subscribers/p.xlsx",
        ("subscribers", "import", "subscribers/p.xlsx"),
        names="p.xlsx|line ",
    ),
    of_file("settings", "newsletter.toml", ("status",)),
    of_file("secrets", ".env", ("doctor",), prepare=_with_key),
    of_file("page template", "templates/default.mjml", ("build", "2026-06")),
    of_file("style", "templates/style.jinja", ("build", "2026-06"), names="templates"),
    of_file("style sheet", "templates/screen.css", ("build", "2026-06"), names="templates"),
    of_file("house pattern", "templates/issue.fi.md", ("new", "2026-07")),
    of_file(
        "photograph", "issues/2026-06/kuva.jpg", ("check", "2026-06"), prepare=_with_picture("jpg")
    ),
    of_file(
        "drawing", "issues/2026-06/kuva.svg", ("check", "2026-06"), prepare=_with_picture("svg")
    ),
    of_file("database", "subscribers/newsletter.db", ("subscribers", "list")),
    of_file(
        "log of the database",
        "subscribers/newsletter.db-wal",
        ("subscribers", "list"),
        names="newsletter.db",
    ),
    of_file("outbox", "outbox", SEND_TEST, contents={"a text": b"text"}),
    of_file(
        "memory of feeds",
        ".newsletter/feeds/offered.json",
        ("collect", "2026-06"),
        prepare=_with_feed,
        names="127.0.0.1",
    ),
    of_file(
        "material",
        "material/2026-06.md",
        ("collect", "2026-06"),
        prepare=_with_feed,
        names="127.0.0.1",
    ),
)


# --- values -------------------------------------------------------------------------------

_TABLES: Mapping[str, type[BaseModel]] = {
    "newsletter": NewsletterTable,
    "provider": ProviderTable,
    "database": DatabaseTable,
    "tracking": TrackingTable,
    "check": CheckTable,
    "preview": PreviewTable,
    "collect": CollectTable,
}
_KEYS_OF_ISSUES = (
    "subject", "preheader", "date", "number", "lang", "template", "from", "reply_to", "segment",
    "provider_tag", "events", "unknown",
)  # fmt: skip


def _settings(folder: Path) -> Iterator[Trial]:
    """Give each key of the settings some of the values, another choice each."""
    choices = cycle(VALUES.items())
    keys = [
        (table, field.alias or name)
        for table, model in _TABLES.items()
        for name, field in model.model_fields.items()
    ]
    for number, (table, key) in enumerate(keys):
        for what, value in islice(choices, 7):
            site = site_in(folder, number * 100 + list(VALUES).index(what))
            lines = (site.root / "newsletter.toml").read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if not line.startswith((f"{key} ", f"{key}="))]
            head = next((n for n, line in enumerate(kept) if line == f"[{table}]"), len(kept))
            kept[head : head + 1] = [f"[{table}]", f"{key} = {value}"]
            site.write("newsletter.toml", "\n".join(kept) + "\n")
            yield trial(site, f"{table}.{key} is {what}", ("status",))


def _front_matter(folder: Path) -> Iterator[Trial]:
    """Give each key of an issue some of the values, another choice each."""
    choices = cycle(VALUES.items())
    for number, key in enumerate(_KEYS_OF_ISSUES):
        for other, (what, value) in enumerate(islice(choices, 13)):
            site = site_in(folder, number * 100 + other)
            lines = [line for line in ISSUE.splitlines() if not line.startswith(f"{key}:")]
            lines.insert(1, f"{key}: {value}")
            site.write("issues/2026-06.md", "\n".join(lines) + "\n")
            yield trial(site, f"{key} is {what}", ("check", "2026-06"))


# --- the command line ---------------------------------------------------------------------

_SERVING = {"preview", "worker", "serve"}  # they end only when told to


def _words(folder: Path) -> Iterator[Trial]:
    """Give each argument and option of each command some of the words, another choice each."""
    choices = cycle(WORDS.items())
    for number, (path, command) in enumerate(_commands()):
        for at, parameter in enumerate(command.params):
            if isinstance(parameter, click.Option) and parameter.is_flag:
                continue
            for other, (what, word) in enumerate(islice(choices, 6)):
                site = site_in(folder, (number * 100 + at) * 100 + other)
                given = _given(command, parameter, word)
                yield trial(site, f"{' '.join(path)} {parameter.name}: {what}", (*path, *given))


def _commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            for inner, sub in command.commands.items():
                yield (name, inner), sub
        elif command is not None and name not in _SERVING:
            yield (name,), command


def _given(command: click.Command, parameter: click.Parameter, word: str) -> list[str]:
    """Return a command line on which one parameter is odd, and the others are in order."""
    options, arguments = [], []
    for other in command.params:
        if isinstance(other, click.Argument):
            usual = "2026-06" if "issue" in str(other.name) else "a@example.org"
            if other is parameter:
                arguments.append(word)
            elif other.required:
                arguments.append(usual)
        elif other is parameter:
            options = [f"{other.opts[0]}={word}"] if other.opts[0].startswith("--") else []
    return [*options, "--", *arguments] if arguments else options


_ODD_VARIABLES: Mapping[str, Sequence[str]] = {
    "LANG": ("", "xx_YY.KOI8-R", "a\udcff", "C" * 5000),
    "LC_ALL": ("tlh_KL.UTF-8", "\x1b"),
    "TZ": ("", "Mars/Olympus", ":/dev/zero", "a\udcff", "UTC+99999999"),
    "COLUMNS": ("", "0", "-5", "many", "9" * 50),
    "LINES": ("-1", "x"),
    "TERM": ("", "dumb", "a\udcff"),
    "HOME": ("", "/nonexistent", "/dev/null"),
    "TMPDIR": ("/nonexistent", "/dev/null"),
    "PATH": ("", "\udcff"),
    "NEWSLETTER_API_KEY": ("", " ", "ä", "a\nb", "a\udcff", "x" * 100_000),
    "NEWSLETTER_SECRET": ("\x00".replace("\x00", "\x01"), "ö" * 300),
    "NEWSLETTER_DATABASE_PASSWORD": ("a\udcffb", "'"),
    "HTTPS_PROXY": ("http://[bad", "not a proxy"),
    "NO_PROXY": ("[", "*"),
    "SSL_CERT_FILE": ("/dev/null", "/nonexistent"),
    "REQUESTS_CA_BUNDLE": ("/dev/null", "/nonexistent"),
    "EDITOR": ("\udcff",),
}


def _variables(folder: Path) -> Iterator[Trial]:
    commands = (("status",), ("check", "2026-06"), ("doctor", "--online"))
    number = 0
    for name, values in _ODD_VARIABLES.items():
        for value in values:
            for command in commands:
                number += 1
                site = site_in(folder, number)
                if command[0] == "doctor":
                    _with_key(site.root)
                    site.environment["NEWSLETTER_API_KEY"] = "key"
                site.environment[name] = value
                yield trial(site, f"{name}={value[:20]!a} for {command[0]}", command)


def _answers(folder: Path) -> Iterator[Trial]:
    """Type broken things where a question is asked."""
    for number, (what, data) in enumerate(CONTENTS.items()):
        site = site_in(folder, number)
        site.write("subscribers/p.csv", "email\na@example.org\n")
        yield trial(site, what, ("subscribers", "import", "subscribers/p.csv"), answer=data)
        if number % 6 == 0:  # which takes longer
            yield trial(site, f"{what}, to a send", SEND_TEST[:-1], answer=data)


_NAMES = {
    "bytes that are no letters": b"2026-07\xff.md",
    "a newline": b"2026-07\n.md",
    "an escape": b"2026-07\x1b[31m.md",
    "the longest": b"2" * 252 + b".md",
    "only an ending": b".md",
    "dots": b"...md",
    "a dash": b"-x.md",
    "two languages": b"2026-06.sv.fi.md",
    "no language": b"2026-06..md",
    "bidi": "2026-\u202e07.md".encode(),
    "half an emoji": b"\xf0\x9f\x98.md",
    "capitals": b"2026-06.SV.MD",
    "blanks": b"  .md",
    "quotes": b"\"'`$(true).md",
}


def _names(folder: Path) -> Iterator[Trial]:
    commands = (("list",), ("check", "2026-06"), ("new", "2026-08"), ("collect", "2026-06"))
    number = 0
    for what, name in _NAMES.items():
        for command in commands:
            number += 1
            site = site_in(folder, number)
            _with_feed(site.root)
            (site.root / "issues" / os.fsdecode(name)).write_text(ISSUE, encoding="utf-8")
            yield trial(site, f"{what}, for {command[0]}", command)


def _cells(folder: Path) -> Iterator[Trial]:
    """Put odd words into the columns of lists of people, for one ledger: to make it takes long."""
    columns = ("email", "name", "language", "region", "consent", "standing")
    site, choices = site_in(folder, 0), cycle(range(len(columns)))
    for number, (what, word) in enumerate(WORDS.items()):
        for at in islice(choices, 4):
            row = ["a@example.org", "Aino", "fi", "Lappi", "yes", "active"]
            row[at] = '"' + word.replace('"', '""') + '"'
            text = ",".join(columns) + "\n" + ",".join(row) + "\n"
            file = f"{number}-{at}.csv"
            (site.root / file).write_bytes(text.encode("utf-8", "surrogateescape"))
            yield trial(site, f"{columns[at]} is {what}", ("subscribers", "import", file, "--yes"))


OTHERS = (
    Border(name="values of settings", trials=_settings, names="newsletter.toml"),
    Border(name="values of an issue", trials=_front_matter, names="2026-06"),
    Border(name="words of the command line", trials=_words),
    Border(name="variables of the environment", trials=_variables),
    Border(name="answers to questions", trials=_answers),
    Border(name="names of files", trials=_names),
    Border(name="cells of a list", trials=_cells),
)
BORDERS = (*FILES, *OTHERS)
