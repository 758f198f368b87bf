"""The imports of the program are the arrows of the design page, and its shape is kept."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import newsletter

PACKAGE = Path(newsletter.__file__).parent
DESIGN = Path(__file__).parents[1] / "docs" / "design.md"
FOUNDATION = {
    "addresses",
    "bounces",
    "calendars",
    "formulas",
    "colours",
    "counted_links",
    "drawing",
    "errors",
    "files",
    "intervals",
    "language",
    "links",
    "mailkeys",
    "markup",
    "masking",
    "model",
    "moments",
    "net",
    "observing",
    "page_text",
    "printer",
    "segments",
    "sockets",
    "tomlkeys",
}
STAGES = {"content", "render", "checking", "audience", "ledger", "mailbox", "providers"}
EDGE = {"settings", "cli"}
# They read settings, so no stage may know them.
TOP = {"settings", "press", "personas", "reviewing", "ledgers", "gateway", "lookout", "plans"} | {
    "safekeeping",
    "mailing",
    "checkup",
}

# The table of the design page, unit by unit: who may import whom.
ARROWS: dict[str, set[str]] = {
    "formulas": set(),
    "bounces": set(),
    "calendars": {"model"},
    "colours": set(),
    "drawing": {"colours", "language", "model"},
    "files": set(),
    "intervals": {"model"},
    "language": set(),
    "markup": set(),
    "masking": set(),
    "moments": set(),
    "net": set(),
    "observing": {"language", "model"},
    "page_text": set(),
    "printer": {"errors", "language"},
    "segments": {"language"},
    "sockets": {"errors", "language"},
    "tomlkeys": {"language"},
    "model": {"language", "segments"},
    "errors": {"language", "masking", "model"},
    "addresses": {"errors", "language"},
    "links": {"errors", "language"},
    "mailkeys": {"errors", "language"},
    "counted_links": {"errors", "language"},
    "settings": {"addresses", "errors", "files", "language", "mailkeys", "masking", "model", "net"}
    | {"colours", "tomlkeys"},
    "content": {
        "addresses",
        "errors",
        "files",
        "language",
        "links",
        "markup",
        "model",
        "net",
        "segments",
    }
    | {"tomlkeys"},
    "render": {
        "colours",
        "errors",
        "files",
        "language",
        "links",
        "markup",
        "model",
        "net",
        "tomlkeys",
    },
    "checking": {"addresses", "colours", "errors", "files", "language", "markup", "model", "net"}
    | {"segments"},
    "audience": {"addresses", "errors", "formulas", "language", "model", "net"},
    "ledger": {"addresses", "errors", "files", "language", "model", "moments", "segments"},
    "mailbox": {"addresses", "bounces", "errors", "files", "language", "mailkeys", "masking"},
    "providers": {"bounces", "errors", "files", "language", "masking", "model", "moments", "net"},
    "judging": {"errors", "language", "model", "tomlkeys"},
    "composing": {"providers", *FOUNDATION},
    "delivery": {"composing", "ledger", *FOUNDATION},
    "stats": {"ledger", *FOUNDATION},
    "collecting": {"content", "errors", "files", "language", "net"},
    "upgrades": {"render", *FOUNDATION},
    "press": {"settings", "content", "render", "upgrades", *FOUNDATION},
    "face": {"settings", "press", "render", *FOUNDATION},
    "archive": {"settings", "composing", "face", "ledger", *FOUNDATION},
    "stats_report": {"face", *FOUNDATION},
    "survey_report": {"face", *FOUNDATION},
    "personas": {"settings", "press", "gateway", "composing", "providers", "render"} | FOUNDATION,
    "reviewing": {
        "settings",
        "press",
        "gateway",
        "personas",
        "providers",
        "content",
        "checking",
        "render",
    }
    | FOUNDATION,
    "ledgers": {"settings", "ledger"},
    "safekeeping": {"settings", "ledgers", "ledger", "delivery", *FOUNDATION},
    "gateway": {"settings", "errors", "language", "model", "providers"},
    "media": {"errors", "language", "model", "net"},
    "hosting": {"settings", "gateway", "press", "lookout", "media", *FOUNDATION},
    "arrangements": {"settings", "gateway", "providers", "errors", "language"},
    "intake": {"audience", "errors", "language", "ledger", "links", "model"},
    "consent": {"ledger", *FOUNDATION},
    # Forms pass the gates that signing up has; what is accepted is escaped and made fit as issues.
    "contributions": {"consent", "content", "ledger", "render", *FOUNDATION},
    "surveys": {"ledger", *FOUNDATION},
    "meetings": {"ledger", *FOUNDATION},
    "agenda": {"settings", "content", "model"},
    # What a provider lists of opens and clicks is counted as `stats` counts what is kept of them.
    "feedback": {"settings", "gateway", "consent", "judging", "ledger", "mailbox", "providers"}
    | {"stats", *FOUNDATION},
    "register": {"audience", "errors", "language", "ledger", "links", "model", "moments"},
    "lookout": {"settings", "gateway", "press", "reviewing", "checking", *FOUNDATION},
    "plans": {"settings", "gateway", "press", "reviewing", "audience", "ledger", "checking"}
    | FOUNDATION,
    "mailing": {
        "settings",
        "gateway",
        "press",
        "reviewing",
        "plans",
        "composing",
        "delivery",
        "ledger",
        "meetings",
        "agenda",
    }
    | {"checking", "consent", "face", "feedback", "hosting", "providers", "render", "stats"}
    | {"stats_report", *FOUNDATION},
    "pipeline": {"settings", "press", "plans", "mailing", "delivery", "ledger", "checking", "stats"}
    | FOUNDATION,
    "monitoring": {"ledger", *FOUNDATION},
    "checkup": {
        "settings",
        "press",
        "gateway",
        "ledger",
        "ledgers",
        "reviewing",
        "mailing",
        "lookout",
        "safekeeping",
        "checking",
        "feedback",
        "mailbox",
        "collecting",
        "agenda",
        "content",  # whether what the editor writes besides issues can be read
        "meetings",
        *FOUNDATION,
    },
    "jobs": {
        "settings",
        "agenda",
        "meetings",
        "feedback",
        "delivery",
        "ledger",
        "mailing",
        "pipeline",
        "consent",
        "stats",
        "surveys",
        *FOUNDATION,
    },
    "preview": {
        *TOP,
        "upgrades",
        "intake",
        "composing",
        "delivery",
        "stats",
        "stats_report",
        "pipeline",
        *STAGES,
        *FOUNDATION,
    },
    # Meetings are read anew when their files change.
    "public": {"archive", "face", "judging", "ledger", "providers", "consent", "contributions"}
    | {"content", "meetings", "surveys"}
    | FOUNDATION,
    "cli": {
        *TOP,
        "agenda",
        "archive",
        "hosting",
        "media",
        "judging",
        "face",
        "arrangements",
        "checkup",
        "preview",
        "jobs",
        "public",
        "upgrades",
        "surveys",
        "survey_report",
        "intake",
        "register",
        "consent",
        "contributions",
        "meetings",
        "feedback",
        "collecting",
        "composing",
        "delivery",
        "monitoring",
        "stats",
        "stats_report",
        "pipeline",
        *STAGES,
        *FOUNDATION,
    },
    "__main__": {"cli"},
    "__init__": set(),
}

# Imports inside functions, each with its reason beside it in the source.
LATE_IMPORTS = {
    "newsletter/addresses.py",
    "newsletter/audience/reading.py",
    "newsletter/cli/check.py",
    "newsletter/cli/main.py",
    "newsletter/cli/meeting_lists.py",
    "newsletter/cli/send.py",
    "newsletter/cli/watched.py",
    "newsletter/ledger/open.py",
    "newsletter/preview/endpoints.py",
}

# Who reads what day and hour it is, besides commands and the preview, which hand it in.
CLOCKS = {
    "newsletter/ledger/migrations/versions/0008_said_no.py",  # a change is dated as it is made
    "newsletter/mailing/carrier.py",  # makes the clock that sending is handed
    "newsletter/providers/http.py",  # for a Retry-After that names a time
}

# Names of several modules, and the one thing that each of them is about.
SAME_THING = {
    "archive": "issues that went out, for anybody: their pages, who answers with them, the command",
    "app": "a web application, of the preview or of the public service",
    "server": "runs such an application at a socket",
    "blocks": "what an issue is made of: its nouns, and how they are read",
    "brand": "the face of the house: its nouns, its settings, and how it lies over a look",
    "contributions": "what people send in: taken in and decided, and what the ledger knows of it",
    "claims": "a batch taken by one process: in the ledger, and while it holds it",
    "figures": "what is known of an issue after it was sent: the nouns, and what is kept of them",
    "edition": "the rendered issue: the noun, and who makes it",
    "jobs": "background work: the nouns, and who does it",
    "looks": "how a mail looks: the templates, and their checks",
    "media": "pictures on a static host, and the command that puts them there",
    "meetings": "who has which place at them, and whether an issue says of them what is so",
    "notices": "mails that are no issue: frozen for whom, and what the ledger knows of them",
    "occasions": "dates in a calendar: how they are read, and how they are told",
    "people": "subscribers: the nouns, and what the ledger knows of them",
    "pictures": "the pictures of an issue: as they are mailed, and their checks",
    "post": "what leaves by mail: the nouns, and the checks of it",
    "preview": "the editor's desk, and its command",
    "segments": "rules that choose people, and the command that shows what they mean",
    "readers": "who gets an issue",
    "repeats": "what is left of the issue before",
    "reports": "what a provider tells afterwards: asked for, and kept",
    "slots": "places that are filled for each reader",
    "stats": "figures, and their command",
    "surveys": "what members are asked and what they answer, and the command",
    "survey_results": "what surveys told: kept, and the command that tells it",
    "returns": "what comes back about mails: the nouns, and what the ledger knows of it",
    "webhooks": "what providers post: read, and kept until it is",
    "wishes": "what people ask for on our pages: the nouns, and what the ledger knows of them",
    "vocabulary": "the words of three languages that a part looks for",
}

FILES = sorted(path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts)
NAMES = [f"newsletter/{path.relative_to(PACKAGE).as_posix()}" for path in FILES]


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a file of the program."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes of a tree; walking it anew for each test took half of their time."""
    return tuple(ast.walk(tree))


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = ["newsletter", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def unit_of(name: str) -> str:
    """Return the package or module right below `newsletter` that a dotted name belongs to."""
    return name.split(".")[1]


@cache
def modules() -> dict[str, Path]:
    """Return the program's modules by name."""
    return {name_of(path): path for path in FILES}


@cache
def imports_of(tree: ast.AST) -> tuple[str, ...]:
    """Return the modules a file imports; `from a import b` is a.b where that is a module."""
    return tuple(_imports(tree))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules a file imports; `from a import b` is a.b where that is a module."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else str(node.module)


def rows_of_the_design_page() -> Iterator[tuple[str, set[str]]]:
    """Yield each unit that the table of the design page names, with what it may import there."""
    for row in re.findall(r"^\| (`.*) \|$", DESIGN.read_text(encoding="utf-8"), re.MULTILINE):
        parts, _, cell = row.split(" | ")
        named = set(re.findall(r"`(\w+)`", cell))
        if cell.startswith("everything"):
            named = set(ARROWS) - {"__main__", "__init__"} - named
        elif cell.startswith(("foundation", "one another")):
            named |= FOUNDATION
        yield from ((unit, named) for unit in re.findall(r"`(\w+)(?:/|\.py)?`", parts))


def _first_cells() -> str:
    """Return what the rows of the table begin with."""
    rows = re.findall(r"^\| (`.*) \|$", DESIGN.read_text(encoding="utf-8"), re.MULTILINE)
    return "\n".join(row.partition(" | ")[0] for row in rows)


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    for node in nodes_of(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# --- arrows -------------------------------------------------------------------------------


def test_a_module_imports_only_what_the_design_allows() -> None:
    arrows = {
        name: {unit_of(m) for m in imports_of(tree_of(path)) if m.startswith("newsletter.")}
        for name, path in modules().items()
    }

    too_far = {
        name: units - ARROWS[unit_of(name)] - {unit_of(name)} for name, units in arrows.items()
    }

    assert {name: units for name, units in too_far.items() if units} == {}


def test_every_part_of_the_program_stands_in_the_table() -> None:
    assert {unit_of(name) for name in modules()} == set(ARROWS)


def test_each_part_stands_in_the_table_once_and_is_there() -> None:
    units = [unit for unit, _ in rows_of_the_design_page()]

    assert [unit for unit in units if units.count(unit) > 1] == []
    named = re.findall(r"`(\w+/|\w+\.py)`", _first_cells())
    assert [name for name in named if not (PACKAGE / name).exists()] == []


def test_what_the_design_page_points_to_is_there() -> None:
    _, _, rest = DESIGN.read_text(encoding="utf-8").partition("## Where to look")
    table = rest.partition("\n**")[0]

    named = re.findall(r"`([\w/]+(?:/|\.py))`", table)

    places = [PACKAGE / name for name in named if not name.startswith("templates/")]
    assert [str(place) for place in places if not place.exists()] == []
    assert len(places) > 40


def test_the_row_of_the_ledger_names_its_questions() -> None:
    [row] = re.findall(r"^\| `ledger/` \| (.*) \| ", DESIGN.read_text("utf-8"), re.MULTILINE)
    about_people = set(re.findall(r"`(\w+)`", row))
    modules_there = {path.stem for path in (PACKAGE / "ledger").glob("*.py")}

    # These hold no question: tables, nouns of sends, how things are compared, how it is opened.
    assert modules_there - about_people == {
        "__init__",
        "tables",
        "bulk",
        "folding",
        "frozen",
        "imported",
        "instants",
        "open",
        "figure_tables",
        "meeting_tables",
        "people_tables",
        "contribution_tables",
        "survey_tables",
        "staged_json",
        "staged_rows",
        "told",
    }
    assert about_people <= modules_there


def test_the_design_page_has_the_same_table() -> None:
    rows = dict(rows_of_the_design_page())

    assert set(rows) == set(ARROWS) - {"__main__", "__init__"}
    for unit, allowed in rows.items():
        assert ARROWS[unit] <= allowed, unit
        assert ARROWS[unit] - FOUNDATION == allowed - FOUNDATION - {unit}, unit


def test_the_table_itself_keeps_the_rules_of_the_design() -> None:
    stages = {target for stage in STAGES for target in ARROWS[stage]}

    assert stages <= FOUNDATION
    assert {unit for unit, targets in ARROWS.items() if "settings" in targets} == {
        "press",
        "agenda",
        "archive",
        "face",
        "personas",
        "reviewing",
        "ledgers",
        "safekeeping",
        "gateway",
        "feedback",
        "lookout",
        "plans",
        "mailing",
        "checkup",
        "arrangements",
        "hosting",
        "pipeline",
        "jobs",
        "preview",
        "cli",
    }
    assert {unit for unit, targets in ARROWS.items() if "cli" in targets} == {"__main__"}


def test_parts_ask_those_on_lower_floors_of_the_drawing() -> None:
    floors = list(floors_of_the_design_page())
    height = {unit: -number for number, (_, units) in enumerate(floors) for unit in units}
    assert set(height) == set(ARROWS) - {"__main__", "__init__"}
    # One of a stage's neighbours would be a shortcut, and so would a way up.
    alone = {unit for name, units in floors if name in ("stages", "settings") for unit in units}

    astray = {
        (unit, target)
        for unit, targets in ARROWS.items()
        for target in targets - {unit}
        if unit in height
        and (height[target] > height[unit] or (height[target] == height[unit] and unit in alone))
    }

    assert astray == set()


def floors_of_the_design_page() -> Iterator[tuple[str, list[str]]]:
    """Yield the floors of the drawing from the highest down, each with its parts."""
    drawing = DESIGN.read_text(encoding="utf-8").partition("The floors of the house.")[2]
    for line in drawing.split("```")[1].strip().splitlines():
        name, *units = line.split()
        yield name, units


def test_nothing_at_a_front_door_is_called_like_a_module_behind_it() -> None:
    """Whichever is imported last would hide the other."""
    hidden = {
        f"{name}.{alias.name}"
        for name, path in modules().items()
        if path.name == "__init__.py"
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{name}.{alias.name}" in modules() and f"{node.module}" != name
    }

    assert hidden == set()


def test_what_a_front_door_lists_is_there() -> None:
    doors = {n: import_module(n) for n, path in modules().items() if path.name == "__init__.py"}

    missing = {
        f"{name}.{listed}"
        for name, door in doors.items()
        for listed in getattr(door, "__all__", ())
        if not hasattr(door, listed)
    }

    assert missing == set()


def test_modules_ask_few_others() -> None:
    rooms: dict[str, list[int]] = {}
    for name, path in modules().items():
        if not _is_front_door(path):
            room = name.rpartition(".")[0].removeprefix("newsletter").lstrip(".")
            rooms.setdefault(room, []).append(len(_asked_by(tree_of(path))))
    counts = [count for room in rooms.values() for count in room]

    means = {room: sum(room_counts) / len(room_counts) for room, room_counts in rooms.items()}

    # Joints and edges ask more than stages, and there are more of them by now; Starlette has 3.4.
    assert sum(counts) / len(counts) <= 3.3
    assert {room: mean for room, mean in means.items() if mean > 6} == {}


def _is_front_door(path: Path) -> bool:
    """Return whether a file only lists what lies behind it, which is not asking."""
    made = (ast.FunctionDef, ast.ClassDef)
    return path.name == "__init__.py" and not any(isinstance(n, made) for n in tree_of(path).body)


def _asked_by(tree: ast.Module) -> set[str]:
    """Return the modules and front doors that a file imports from.

    Whatever speaks to people asks the front door of `language` for the form of texts; that says
    nothing about what else it knows.
    """
    nodes = [node for node in nodes_of(tree) if isinstance(node, ast.ImportFrom)]
    asked = {str(n.module) for n in nodes if str(n.module).startswith("newsletter")}
    return asked - {"newsletter.language"}


def test_a_name_means_one_thing_in_the_whole_program() -> None:
    named: dict[str, set[str]] = {}
    for name in modules():
        named.setdefault(name.rpartition(".")[2], set()).add(name.removeprefix("newsletter."))

    # A provider has a module for what goes out, and one for each way in which something comes back.
    ways = {n: {f"providers.{way}{n}" for way in ("", "reports.", "webhooks.")} for n in named}
    twice = {n: places for n, places in named.items() if len(places) > 1 and places - ways[n]}

    assert {name: places for name, places in twice.items() if name not in SAME_THING} == {}
    assert set(SAME_THING) - set(twice) == set()  # no exception outlives its reason


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = {
        name: {m for m in imports_of(tree_of(path)) if m in modules()}
        for name, path in modules().items()
    }

    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, which names it

    assert set(order) == set(modules())


# --- edges --------------------------------------------------------------------------------


def test_only_the_edge_reads_the_environment() -> None:
    reads = {
        name
        for name, path in modules().items()
        for node in nodes_of(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.ImportFrom) and node.module in ("os", "dotenv"))
    }

    assert {name for name in reads if unit_of(name) not in EDGE} == set()


def test_only_the_edge_reads_the_calendar() -> None:
    """What happens when is decided by a time that is handed in; waiting times are another thing."""
    readers = {
        name
        for name, path in zip(NAMES, FILES, strict=True)
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
        if ast.unparse(node.value).split(".")[-1] in {"datetime", "date"}
    }

    assert {
        name for name in readers if unit_of(name.replace("/", ".")) not in {"cli", "preview"}
    } == CLOCKS


def test_only_the_command_line_knows_click() -> None:
    knows = {
        name
        for name, path in modules().items()
        if "click" in {module.partition(".")[0] for module in imports_of(tree_of(path))}
    }

    assert {unit_of(name) for name in knows} == {"cli"}


def test_the_entry_imports_nothing_heavy() -> None:
    ours = "newsletter.cli.guiding"
    imported = set()
    for name in ("main", "guiding"):
        tree = tree_of(PACKAGE / "cli" / f"{name}.py")
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        imported |= set(imports_of(ast.Module(body=[*top], type_ignores=[])))

    roots = {m.partition(".")[0] for m in imported if not m.startswith(ours)}

    assert roots <= {*sys.stdlib_module_names, "click"}


def test_help_loads_nothing_that_only_commands_need() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "newsletter", "--help"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    heavy = {"hashlib", "jinja2", "pydantic", "requests", "sqlalchemy", "ssl", "tinycss2"}
    heavy |= {"structlog", "prometheus_client", "procrastinate", "apscheduler", "lark"}
    assert "newsletter.cli.telling" in loaded
    assert loaded & heavy == set()


def test_only_monitoring_knows_the_libraries_of_logs_and_metrics() -> None:
    watching = {"structlog", "prometheus_client"}

    knows = {
        name
        for name, path in modules().items()
        if watching & {module.partition(".")[0] for module in imports_of(tree_of(path))}
    }

    assert {unit_of(name) for name in knows} == {"monitoring"}


def test_sql_lives_in_the_ledger_alone() -> None:
    # These hand connections on, so they name their type.
    handing_on = {"mailing", "intake", "register", "consent", "delivery", "feedback"}
    handing_on |= {"jobs", "stats", "surveys", "contributions", "meetings"}

    strays = {
        name: words - ({"Connection"} if unit_of(name) in handing_on else set())
        for name, path in modules().items()
        if unit_of(name) != "ledger" and (words := _words_of_sql(tree_of(path)))
    }

    assert {name: words for name, words in strays.items() if words} == {}


def _words_of_sql(tree: ast.Module) -> set[str]:
    names = {
        alias.name
        for node in nodes_of(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("sqlalchemy")
        for alias in node.names
    }
    return names | {m for m in imports_of(tree) if m.startswith(("sqlalchemy.", "sqlite3"))}


# --- shape --------------------------------------------------------------------------------


def test_a_module_says_what_it_is_for() -> None:
    opening = {
        name: (ast.get_docstring(tree_of(path)) or "").partition("\n")[0]
        for name, path in modules().items()
    }

    assert {n: said for n, said in opening.items() if not said.endswith((".", "!", ":"))} == {}


def test_a_file_has_at_most_400_lines() -> None:
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}

    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_a_function_has_at_most_60_lines() -> None:
    long = [
        f"{name}.{function.name}"
        for name, path in modules().items()
        if path.parent.name != "versions"  # a migration is one list of tables, as Alembic writes it
        for function in functions_of(tree_of(path))
        if (function.end_lineno or 0) - function.lineno + 1 > 60
    ]

    assert long == []


def test_no_import_is_for_types_alone() -> None:
    """Wanting a TYPE_CHECKING block means that an arrow points backwards."""
    for_types = [
        name
        for name, path in modules().items()
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
    ]

    assert for_types == []


def test_imports_stand_at_the_top_but_for_these() -> None:
    late = {
        name
        for name, path in zip(NAMES, FILES, strict=True)
        for function in functions_of(tree_of(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert late == LATE_IMPORTS


def _commands() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions that click calls, and the files they stand in."""
    for path in sorted((PACKAGE / "cli").glob("*.py")):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef):
                calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
                names = {c.attr for c in calls if isinstance(c, ast.Attribute)}
                if names & {"command", "group"}:
                    yield f"{path.name}: {node.name}", node


def test_a_command_is_at_most_40_lines_and_takes_at_most_6_parameters() -> None:
    commands = dict(_commands())
    long = {name: node.end_lineno - node.lineno + 1 for name, node in commands.items()}  # type: ignore[operator]
    wide = {
        name: len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        for name, node in commands.items()
    }

    assert len(commands) >= 20
    assert {name: lines for name, lines in long.items() if lines > 40} == {}
    assert {name: count for name, count in wide.items() if count > 6} == {}
