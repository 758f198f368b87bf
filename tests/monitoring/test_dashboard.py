"""The dashboard and the alerts ask for what there is, by its name and labels."""

import json
import re
import shutil
import subprocess
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from newsletter.ledger import workers
from newsletter.monitoring.metrics import metrics_served
from tests.delivery.scene import Scene

DOCS = Path(__file__).parents[2] / "docs"
ALERTS = DOCS / "alerts.yaml"
CASES = Path(__file__).with_name("alerts_test.yaml")
_OF_A_METRIC = re.compile(r"\b((?:newsletter|process|python)_\w+)(?:\{([^}]*)\})?")
_BY_PROMETHEUS = {"job", "instance", "le"}
_CALCULATED = ("_bucket", "_count", "_sum")


@cache
def dashboard() -> dict[str, Any]:
    """Return the dashboard."""
    read: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    return read


@cache
def rules() -> list[dict[str, Any]]:
    """Return the alerts."""
    read = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Return the panels that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def documented() -> dict[str, set[str]]:
    """Return the metrics of the docs with their labels."""
    text = (DOCS / "observing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(newsletter_\w+)` \| (.*?) ?\| ", text, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


ASKED = [t["expr"] for p in panels() for t in p["targets"]] + [rule["expr"] for rule in rules()]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what a process tells: names of series as they are written, with labels seen."""
    scene = Scene(tmp_path_factory.mktemp("told"), 20)
    scene.claim("w")
    with scene.ledger.write() as connection:
        workers.enroll(connection, "w", host="h", is_serving=True)
    with (
        metrics_served(scene.ledger, "127.0.0.1", 0) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        text = answer.read().decode()
    endings = {"counter": ("_total",), "histogram": _CALCULATED, "gauge": ("",)}
    return {
        f"{family.name}{ending}": {label for s in family.samples for label in s.labels}
        for family in text_string_to_metric_families(text)
        for ending in endings[family.type]
    }


def test_what_is_asked_for_is_told(told: dict[str, set[str]]) -> None:
    asked = {e: {name for name, _ in _OF_A_METRIC.findall(e)} for e in ASKED}

    assert [e for e, names in asked.items() if not names] == ['up{job=~"newsletter.*"} == 0']
    assert {e: names - set(told) for e, names in asked.items() if names - set(told)} == {}


@pytest.mark.parametrize("expression", ASKED)
def test_labels_that_are_asked_for_are_there(expression: str) -> None:
    known = documented()
    named = [(_family_of(name), braces) for name, braces in _OF_A_METRIC.findall(expression)]
    ours = {name for name, _ in named if name in known}

    of_a_metric = {
        (name, label)
        for name, braces in named
        if name in known
        for label in re.findall(r"(\w+)\s*[=!]~?", braces)
    }
    grouped = {
        label
        for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression)
        for label in re.split(r",\s*", labels)
    }

    assert {(n, lb) for n, lb in of_a_metric if lb not in known[n] | _BY_PROMETHEUS} == set()
    assert grouped - set().union(_BY_PROMETHEUS, *(known[name] for name in ours)) == set()


def _family_of(name: str) -> str:
    """Return the name of a metric in the docs, of one of its series."""
    for ending in _CALCULATED:
        if name.removesuffix(ending) in documented():
            return name.removesuffix(ending)
    return name


def test_the_docs_name_every_metric_with_its_labels(told: dict[str, set[str]]) -> None:
    named, ours = documented(), {n: labels for n, labels in told.items() if "newsletter" in n}

    assert {_family_of(name) for name in ours} == set(named)
    for name, labels in ours.items():
        assert labels - {"le"} <= named[_family_of(name)]


def test_figures_of_the_ledger_are_never_summed_over_processes() -> None:
    text = (DOCS / "observing.md").read_text(encoding="utf-8")
    _, _, table = text.partition("**The ledger knows")
    shared = set(re.findall(r"^\| `(newsletter_\w+)`", table, re.MULTILINE))

    for expression in ASKED:
        for name in shared & {name for name, _ in _OF_A_METRIC.findall(expression)}:
            assert re.search(rf"\b(?:max|min)(?: by \([^)]*\))? ?\({name}\b", expression) or (
                expression.rstrip().endswith(f"and on (job, instance) {name}")
            ), expression


def test_the_dashboard_has_a_recent_form() -> None:
    read = dashboard()

    assert read["schemaVersion"] >= 36
    assert {variable["name"] for variable in read["templating"]["list"]} == {"datasource", "job"}
    assert "id" not in read, "Grafana gives it"


def test_panels_have_words_ids_of_their_own_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert taken & cells == set(), panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells

    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(set(ids)) == len(ids)
    assert all(panel["title"] and panel["description"] for panel in panels())
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in panels())


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in rules():
        assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}
        assert re.fullmatch(r"Newsletter[A-Za-z]+", rule["alert"])
        assert rule["labels"]["severity"] in ("page", "look")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["cure"].endswith((".", "status"))
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    tested = yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]
    cases = [case for test in tested for case in test["promql_expr_test"]]
    named = [(re.findall(r'alertname="(\w+)"', case["expr"])[0], case) for case in cases]

    fires = {name for name, case in named if case["exp_samples"]}
    calm = {name for name, case in named if not case["exp_samples"]}

    names = {rule["alert"] for rule in rules()}
    assert (names - fires, names - calm) == (set(), set())


@pytest.mark.skipif(not shutil.which("promtool"), reason="needs Debian's Prometheus")
@pytest.mark.parametrize("command", [["check", "rules", ALERTS], ["test", "rules", CASES]])
def test_prometheus_takes_the_alerts_and_fires_them_when_it_should(command: list[Any]) -> None:
    run = ["promtool", *map(str, command)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
