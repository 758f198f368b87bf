"""What the program costs: each figure is a ratio of two things measured in one run."""

import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from premailer import Premailer

from newsletter.composing.mime import Envelope, MimeTemplate, Postmark
from newsletter.composing.slots import for_text, split_at_slots, split_html_at_slots
from newsletter.model import Edition, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.render.looks import PACKAGED
from newsletter.settings import load_settings
from tests.conftest import REPOSITORY, Site

_PROGRAM = str(Path(sys.executable).with_name("newsletter"))

# The libraries that `newsletter build` imports, asked for what it asks of them: some load only
# then.
_IMPORTS = """
import click, email_validator, frontmatter, idna, itsdangerous, jinja2, lxml.html, mjml, nh3, yaml
import babel.dates, mdit_py_plugins.footnote, premailer
from PIL import Image, ImageOps
from dotenv import dotenv_values
from markdown_it import MarkdownIt
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
"""


def _median(action: Callable[[], object], times: int) -> float:
    """Return the median seconds of an action, once warmed up."""
    action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _medians(*actions: Callable[[], object], times: int) -> list[float]:
    """Return the medians of actions measured in turns, so that all see the same machine."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(times + 1):
        for action, seconds in zip(actions, taken, strict=True):
            start = time.perf_counter()
            action()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds[1:]) for seconds in taken]


def _run(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, capture_output=True)


def _tell(what: str, ratio: float, limit: float, detail: str) -> None:
    print(f"\n{what}: {ratio:.2f} (limit {limit:g}); {detail}", end="")


def test_help_costs_little_more_than_importing_click() -> None:
    help_, click = _medians(
        _run(_PROGRAM, "--help"), _run(sys.executable, "-c", "import click"), times=21
    )

    _tell("newsletter --help / import click", help_ / click, 1.6, f"{help_ * 1000:.0f} ms")
    assert help_ / click <= 1.6


def test_a_cold_build_costs_little_more_than_its_imports(sample: Site) -> None:
    arguments = ("-C", str(sample.root), "build", "2021-06", "--out", str(sample.root / "out"))

    build, imports = _medians(
        _run(_PROGRAM, *arguments), _run(sys.executable, "-c", _IMPORTS), times=15
    )

    _tell("build cold / imports", build / imports, 1.5, f"{build * 1000:.0f} ms")
    assert build / imports <= 1.5


def test_a_warm_build_takes_little_more_than_premailer_alone() -> None:
    settings = load_settings(REPOSITORY)
    page = _render("2021-06").html
    styles = (PACKAGED / "prose.css").read_text(encoding="utf-8")

    def inline() -> object:
        return Premailer(
            page, css_text=styles, disable_validation=True, cssutils_logging_level=50
        ).transform()

    def build() -> object:
        manuscript = read_manuscript(settings, "2021-06")
        return render_manuscript(settings, manuscript, manuscript.variants())

    warm, premailer = _medians(build, inline, times=31)

    detail = f"{warm * 1000:.1f} ms, premailer {premailer * 1000:.1f} ms"
    _tell("build warm / premailer", warm / premailer, 2.5, detail)
    assert warm <= 0.060 or warm / premailer <= 2.5


def test_filling_640_is_far_faster_than_rendering_640_times() -> None:
    edition = _render("2021-06")
    html = split_html_at_slots(edition.html, edition.slots)
    text = split_at_slots(edition.text, edition.slots, for_text)
    people = [{"name": f"Person {n}", "email": f"person{n}@example.org"} for n in range(640)]

    filling = _median(lambda: [(html.fill(p), text.fill(p)) for p in people], times=5)
    rendering = _median(lambda: _render("2021-06"), times=11) * 640

    ratio = rendering / filling
    _tell("rendering 640 / filling 640", ratio, 50, f"{640 / filling:,.0f} messages a second")
    assert ratio >= 50


def test_whole_mime_messages_are_filled_far_faster_than_rendered() -> None:
    edition = _render("2021-06")
    envelope = Envelope(
        sender=("Työ", "a@example.org"), reply_to="b@example.org", headers={"List-Id": "<a.b>"}
    )
    template = MimeTemplate(edition, envelope)
    postmark = Postmark(
        address="person@example.org",
        message_id="x@example.org",
        date=dt.datetime.now(dt.UTC),
        headers={"List-Unsubscribe": "<mailto:b@example.org>"},
    )

    filling = _median(
        lambda: [template.fill({"name": f"Person {n}"}, postmark) for n in range(640)], times=5
    )
    rendering = _median(lambda: _render("2021-06"), times=11) * 640

    ratio = rendering / filling
    _tell("rendering 640 / MIME 640", ratio, 50, f"{640 / filling:,.0f} messages a second")
    assert ratio >= 50


def _render(issue_id: str) -> Edition:
    settings = load_settings(REPOSITORY)
    manuscript = read_manuscript(settings, issue_id)
    variant = Variant(language="fi")
    return render_manuscript(settings, manuscript, [variant])[variant]
