"""A mail that is out to harm shows nothing but itself in the preview, in every engine.

What it tries is no idle threat: in a page without the preview's policies all of it comes true.
"""

from collections.abc import Iterator

import pytest

from tests.conftest import ISSUE, REPOSITORY, Site
from tests.engines.attacks import attacks_at_once, attacks_on_click, site_of
from tests.engines.windows import Window, await_so, click_on
from tests.previewing import Preview, previewing
from tests.servers.web import WebServer
from tests.waiting import wait_until

_ISSUE = "/issues/2026-06"
_HEAD, _BODY = "<mj-raw>\n", 'css-class="masthead">'  # where the template takes more in
_WITHOUT_SCRIPTS = "<noscript><p>for readers without scripts</p></noscript>"
_HTML = "return document.getElementById('frame').contentDocument.documentElement.outerHTML"
_STATE = """return {
    harmed: document.documentElement.dataset.harmed ?? "",
    page: location.pathname,
    mail: document.getElementById("frame").contentDocument?.URL.replace(location.origin, ""),
    allowed: [...document.getElementById("frame").sandbox],
}"""


@pytest.fixture(scope="module")
def stranger() -> Iterator[WebServer]:
    """A server that nobody should ask, and that notes who does."""
    with WebServer({}) as server:
        server.pages.update(site_of(_address(server)))
        yield server


@pytest.fixture
def attacked(stranger: WebServer, site: Site) -> Iterator[Preview]:
    """A preview of an issue whose template holds every attack, in its head and in its body."""
    tried = {**attacks_at_once(_address(stranger)), **attacks_on_click(_address(stranger))}
    site.write("templates/attacks.html", "\n".join([*tried.values(), _WITHOUT_SCRIPTS]))
    template = (REPOSITORY / "templates/default.mjml").read_text(encoding="utf-8")
    assert _HEAD in template
    assert _BODY in template
    taken = '{% set attacks %}{% include "attacks.html" %}{% endset %}{{ attacks|html }}'
    template = template.replace(_HEAD, _HEAD + taken, 1).replace(_BODY, _BODY + taken, 1)
    site.write("templates/default.mjml", template)
    with previewing(site) as running:
        yield running


@pytest.mark.parametrize("name", [*attacks_at_once(""), *attacks_on_click("")])
def test_elsewhere_every_attack_comes_true(window: Window, stranger: WebServer, name: str) -> None:
    stranger.asked.clear()

    window.open(stranger.url("/"))
    window.run("document.getElementById('frame').src = arguments[0]", f"/alone/{name}")
    if name in attacks_on_click(""):
        click_on(window, "*", name, frame="frame")

    wait_until(lambda: f"/true/{name}" in {path.partition("?")[0] for path in stranger.paths})
    if name.endswith("to-top"):
        await_so(window, "return location.pathname.startsWith('/true/')")


def test_in_the_preview_none_does(window: Window, stranger: WebServer, attacked: Preview) -> None:
    stranger.asked.clear()

    window.open(attacked.origin + _ISSUE)
    await_so(window, "return document.documentElement.dataset.painted")
    html = window.run(_HTML)
    click_on(window, "p", "for readers without scripts", frame="frame")  # so it can be seen
    for name in attacks_on_click(""):
        click_on(window, "*", name, frame="frame")
        window.press("Tab", "Enter")
    attacked.site.write("issues/2026-06.md", ISSUE.replace("Kesä on täällä", "Syksy tuli"))
    await_so(window, f"{_HTML}.includes('Syksy tuli')")  # by now, what began has had its time

    tried = {*attacks_at_once(""), *attacks_on_click("")}
    assert {name for name in tried if name not in html} == {"refresh"}
    allowed = ["allow-same-origin", *(["allow-scripts"] if window.engine == "webkit" else [])]
    state = {"harmed": "", "page": _ISSUE, "mail": "/blank", "allowed": allowed}
    assert window.run(_STATE) == state
    assert stranger.paths == []


def _address(stranger: WebServer) -> str:
    return stranger.url("").rstrip("/")
