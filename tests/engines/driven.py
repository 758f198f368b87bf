"""Windows of Firefox and WebKit, driven by WebDriver, and of Chromium, driven by Playwright."""

import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Error, Page

from tests.browser.chromium import chromium, find_chromium
from tests.engines.windows import RefusedError, Window
from tests.engines.wires import HttpWire, MarionetteWire, Wire
from tests.waiting import PATIENCE, wait_until

# https://www.w3.org/TR/webdriver2/#keyboard-actions
_KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Escape": "\ue00c"} | {
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "End": "\ue010",
}
_FIREFOX = ("firefox-esr", "firefox")
# No first page, no updates, no experiments: it asks nobody anything.
_PREFERENCES = """\
user_pref("marionette.port", 0);
user_pref("remote.prefs.recommended", true);
user_pref("network.proxy.type", 0);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("ui.prefersReducedMotion", 1);
"""


class DrivenWindow:
    """A window that obeys WebDriver."""

    def __init__(self, engine: str, wire: Wire) -> None:
        self.engine = engine
        self._wire = wire

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._wire.call("open", url=url)

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script in the page and return what it returns."""
        return self._wire.call("run", script=script, args=list(arguments))

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window."""
        moved = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
        pressed = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act("pointer", [moved, *pressed])

    def wheel(self, x: float, y: float, down: int) -> None:
        """Turn the wheel of the mouse at a place of the window."""
        turned = {"type": "scroll", "duration": 0, "x": round(x), "y": round(y)}
        self._act("wheel", [{**turned, "deltaX": 0, "deltaY": down}])

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        signs = [_KEYS.get(key, key) for key in keys]
        self._act(
            "key", [{"type": f"key{way}", "value": s} for s in signs for way in ("Down", "Up")]
        )

    def resize(self, width: int, height: int) -> None:
        """Give the page this much room; a window has edges besides."""
        self._wire.call("resize", width=width, height=height)
        within = self.run("return [innerWidth, innerHeight]")
        edges = (width - within[0], height - within[1])
        self._wire.call("resize", width=width + edges[0], height=height + edges[1])

    def picture(self) -> bytes:
        """Return what can be seen, as a PNG."""
        return base64.b64decode(self._wire.call("picture"))

    def _act(self, kind: str, actions: list[dict[str, object]]) -> None:
        self._wire.call("act", actions=[{"type": kind, "id": kind, "actions": actions}])


class PlayedWindow:
    """A window of Chromium."""

    engine = "chromium"

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._page.goto(url)

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script in the page and return what it returns."""
        whole = f"given => (function () {{ {script} }}).apply(null, given)"
        try:
            return self._page.evaluate(whole, list(arguments))
        except Error as err:
            raise RefusedError(err.message) from err

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window."""
        self._page.mouse.click(x, y)

    def wheel(self, x: float, y: float, down: int) -> None:
        """Turn the wheel of the mouse at a place of the window."""
        self._page.mouse.move(x, y)
        self._page.mouse.wheel(0, down)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self._page.keyboard.press(key)

    def resize(self, width: int, height: int) -> None:
        """Give the page this much room."""
        self._page.set_viewport_size({"width": width, "height": height})

    def picture(self) -> bytes:
        """Return what can be seen, as a PNG."""
        return self._page.screenshot()


def missing(engine: str) -> str:
    """Return what this machine lacks for an engine, or nothing."""
    if engine == "chromium":
        return "" if find_chromium() else "Debian's chromium-headless-shell"
    if engine == "firefox":
        return "" if _firefox() else "Debian's firefox-esr"
    wanted = {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
    return ", ".join(f"Debian's {wanted[name]}" for name in wanted if not shutil.which(name))


@contextmanager
def chromium_window(_folder: Path) -> Iterator[Window]:
    """Open Chromium, as in the other tests."""
    with chromium() as browser:
        context = browser.new_context(color_scheme="light", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE * 1000)
        yield PlayedWindow(context.new_page())
        context.close()


@contextmanager
def firefox_window(folder: Path) -> Iterator[Window]:
    """Open Firefox, which writes into its profile at which port it takes commands."""
    (folder / "user.js").write_text(_PREFERENCES, encoding="utf-8")
    command = [_firefox(), "--headless", "--no-remote", "--marionette", "--profile", str(folder)]
    told = folder / "MarionetteActivePort"
    with _running(command, HOME=str(folder)):
        wait_until(lambda: told.is_file() and told.read_text())
        wire = MarionetteWire(int(told.read_text()))
        wire.call("start")
        yield DrivenWindow("firefox", wire)
        wire.close()


@contextmanager
def webkit_window(folder: Path) -> Iterator[Window]:
    """Open WebKitGTK's own small browser on a screen that nobody sees."""
    with _screen() as display:
        port = _free_port()
        command = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"]
        with _running(command, HOME=str(folder), DISPLAY=display):
            wait_until(lambda: _answers(port))
            wire = HttpWire(port)
            wire.call("start", capabilities={})
            yield DrivenWindow("webkit", wire)
            wire.call("end")


ENGINES: dict[str, Callable[[Path], AbstractContextManager[Window]]] = {
    "chromium": chromium_window,
    "firefox": firefox_window,
    "webkit": webkit_window,
}


def _firefox() -> str:
    return next((found for name in _FIREFOX if (found := shutil.which(name))), "")


@contextmanager
def _running(command: list[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a program running, without its words, for as long as it is needed."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def _screen() -> Iterator[str]:
    """Start a screen without glass; it finds a free number by itself, and tells which."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1300x24", "-nolisten", "tcp"]
    with _running(command) as process:
        assert process.stdout
        yield f":{process.stdout.readline().decode().strip()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/status", timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False
