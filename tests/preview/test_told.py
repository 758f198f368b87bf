"""What pages believe they are told, as the type check reads it, is what the server tells them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import newsletter.preview
from newsletter.mailing import Outcome
from newsletter.model import End, SendState, Severity
from newsletter.preview.payloads import describe_outcome
from newsletter.preview.told_figures import describe_figures, describe_row
from tests.conftest import ISSUE, make_site
from tests.previewing import Preview, previewing
from tests.stats.specimens import issue

TYPES = Path(newsletter.preview.__file__).with_name("told.d.ts")
STATIC = TYPES.with_name("static")
EARLIER = ISSUE.replace("2026-06-15", "2026-05-15").replace("number: 6", "number: 5")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of an interface."""

    kind: str
    is_optional: bool


@dataclass
class Types:
    """The types of a file, and which of their fields values were seen to have and to lack."""

    interfaces: dict[str, dict[str, Field]]
    aliases: dict[str, str]
    bases: set[str]  # interfaces that others extend
    had: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lacked: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def faults(self, value: object, kind: str, where: str) -> Iterator[str]:
        """Yield what makes a value another than its type says."""
        kinds = re.findall(r'"\w+"|Record<[^>]*>(?:\[\])*|[\w\[\]]+', kind)
        if len(kinds) > 1:
            if all(list(self.faults(value, one, where)) for one in kinds):
                yield f"{where} is {value!r}, not {kind}"
        elif kind.endswith("[]"):
            yield from self._faults_of_list(value, kind.removesuffix("[]"), where)
        elif record := re.fullmatch(r"Record<string, (\w+)>", kind):
            values = list(value.values()) if isinstance(value, dict) else value
            yield from self._faults_of_list(values, record[1], where)
        elif kind in self.interfaces:
            yield from self._faults_of_object(value, kind, where)
        elif kind in self.aliases:
            yield from self.faults(value, self.aliases[kind], where)
        elif not _is_plain(value, kind):
            yield f"{where} is {value!r}, not {kind}"

    def _faults_of_list(self, value: object, kind: str, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is no list of {kind}"
            return
        for one in value:
            yield from self.faults(one, kind, f"{where}[]")

    def _faults_of_object(self, value: object, kind: str, where: str) -> Iterator[str]:
        fields = self.interfaces[kind]
        if not isinstance(value, dict):
            yield f"{where} is no {kind}"
            return
        self.had[kind] |= value.keys()
        self.lacked[kind] |= fields.keys() - value.keys()
        yield from (f"{where} has {name}, too" for name in value.keys() - fields.keys())
        for name, known in fields.items():
            if name in value:
                yield from self.faults(value[name], known.kind, f"{where}.{name}")
            elif not known.is_optional:
                yield f"{where} lacks {name}"


def _is_plain(value: object, kind: str) -> bool:
    if kind.startswith('"'):
        return value == kind.strip('"')
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return {"string": str, "boolean": bool, "null": type(None)}[kind] is type(value)


def read_types() -> Types:
    """Read the file of types, which keeps to what is understood here."""
    text = re.sub(r"//.*", "", TYPES.read_text(encoding="utf-8"))
    interfaces: dict[str, dict[str, Field]] = {}
    bases: set[str] = set()
    for name, above, body in re.findall(
        r"export interface (\w+)(?: extends ([\w, ]+))? \{([^}]*)\}", text
    ):
        fields = {
            key: Field(kind=kind.strip(), is_optional=bool(mark))
            for key, mark, kind in re.findall(r"(\w+)(\??): ([^;]*);", body)
        }
        named = re.findall(r"\w+", above)
        inherited = {key: known for base in named for key, known in interfaces[base].items()}
        interfaces[name] = inherited | fields
        bases.update(named)
    aliases = {
        name: " ".join(kind.split())
        for name, kind in re.findall(r"export type (\w+) =([^;]*);", text)
    }
    assert len(interfaces) + len(aliases) == text.count("export ")
    return Types(interfaces, aliases, bases)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of an issue with findings, an earlier one, and one that breaks while it is seen."""
    site = make_site(tmp_path_factory.mktemp("told") / "site")
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    silence = '[check.silence]\nsubject-repeat = "sama joka vuosi"\n'
    site.write("newsletter.toml", f"{settings}\n{silence}")
    site.write("issues/2026-06.md", f"{ISSUE}\nLue [täältä](https://www.example.org/b).\n")
    site.write("issues/2026-05.md", EARLIER)
    site.write("issues/2026-04.md", EARLIER)
    site.people(2)
    with previewing(site) as running:
        yield running


def told_by(preview: Preview) -> Iterator[tuple[str, object]]:
    """Yield all kinds of things that pages are told, and the type of each."""
    yield from _events(preview, "/events", {"issues"})
    yield from _events(preview, "/issues/2026-06/events", {"mail", "checking", "report"})
    yield from _events(preview, "/issues/2026-04/events", {"mail", "report"})
    preview.site.write("issues/2026-04.md", EARLIER.replace("subject: ", "subject: ["))
    for name in ("2026-04", "unknown"):
        # A page may open before the file is seen to be another, and is told then.
        yield from _events(preview, f"/issues/{name}/events", {"fault", "unchecked"})
    yield from _events(preview, "/issues/2026-04/events", {"fault", "mail"})
    stranger = "/issues/2026-06/events?reader=subscriber:nobody@example.org"
    yield from _events(preview, stranger, {"fault"})
    for path, kind in (
        ("/issues/2026-06/weight", "Weight"),
        ("/issues/2026-06/parts", "Parts"),
        ("/issues/2026-06/readers", "Readers"),
        ("/issues/2026-06/readers?find=person", "Found"),
        ("/issues/2026-06/sides?with=2026-05", "Sides"),
        ("/shelf", "Shelf"),
        ("/figures", "Rows"),
        ("/issues/2026-06/figures", "Afterwards"),
        ("/issues/unknown/parts", "Faults"),
    ):
        yield kind, json.loads(preview.ask(path)[2])
    for page in ("/", "/issues/2026-06", "/issues/2026-06/grid", "/issues/2026-06/compare"):
        yield "Page", preview.data(page)
    figures = describe_figures(issue(20), "fi", "Europe/Helsinki")
    yield "Afterwards", json.loads(json.dumps({"figures": figures}))
    yield "Rows", json.loads(json.dumps({"2026-09": describe_row(issue(20), "fi")}))
    missed = (("a@example.org", "no"),)
    outcome = Outcome(state=End.DONE, reason="", accepted=1, refused=missed, skipped=missed)
    yield "Outcome", json.loads(json.dumps(describe_outcome(outcome, "fi")))


def _events(preview: Preview, path: str, wanted: set[str]) -> Iterator[tuple[str, object]]:
    for name, told in preview.events(path):
        assert told.pop("spoken") == "fi"
        yield "Events", {name: told}
        wanted.discard(name)
        if not wanted:
            return


def test_the_server_tells_pages_what_their_types_say(preview: Preview) -> None:
    types = read_types()
    types.interfaces["Events"] = {
        name: Field(kind=known.kind, is_optional=True)
        for name, known in types.interfaces["Events"].items()
    }

    faults = [fault for kind, told in told_by(preview) for fault in types.faults(told, kind, kind)]

    assert faults == []
    for name in types.interfaces.keys() - types.bases:
        fields = types.interfaces[name]
        optional = {key for key, known in fields.items() if known.is_optional}
        assert fields.keys() - types.had[name] == set(), f"fields of {name} that nobody tells"
        assert optional - types.lacked[name] == set(), f"fields of {name} that never lack"


@pytest.mark.parametrize(
    ("alias", "words"),
    [
        ("Severity", set(Severity)),
        ("End", set(End)),
        ("State", {"draft", "errors", "checked", "rehearsed", *SendState}),
    ],
)
def test_types_know_every_word_of_a_list(alias: str, words: set[str]) -> None:
    assert set(re.findall(r'"(\w+)"', read_types().aliases[alias])) == words


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((True, "number"), (1, "boolean"), (None, "string"), ("x", "Severity"), (1.5, "Place")),
        *(({"path": "a", "line": "1"}, "Place"), ({"path": "a"}, "Place"), (["a"], "string[][]")),
        ({"path": "a", "line": None, "more": 1}, "Place"),
        ({"a": 1}, "Record<string, string>"),
    ],
)
def test_what_is_told_otherwise_is_noticed(value: Any, kind: str) -> None:
    assert list(read_types().faults(value, kind, "it"))


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_checked_whole_and_can_be_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines[0] == "// @ts-check"
    assert [line for line in lines if len(line) >= 120] == []
    assert [line for line in lines if re.search(r"@ts-(?!check)|\bany\b.*\*/|\{any", line)] == []
    assert len(lines) <= 400
