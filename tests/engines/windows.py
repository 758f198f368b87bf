"""A window of any engine, and what a person does in it: read, click, press keys, scroll."""

from typing import Any, Protocol

from tests.waiting import wait_until

# Where the innermost element with these words is on the screen, scrolled there first. Words may
# stand in the document of a frame, which is named by its id.
_PLACE = """
const [selector, words, id] = arguments;
const frame = id && document.getElementById(id);
const root = frame ? frame.contentDocument : document;
const found = [...root.querySelectorAll(selector)]
    .filter(e => e.textContent.includes(words) && e.getClientRects().length);
const element = found.find(e => !found.some(other => other !== e && e.contains(other)));
if (!element) return null;
element.scrollIntoView({block: "center", behavior: "instant"});
const box = [...element.getClientRects()].find(box => box.width > 0 && box.height > 0);
if (!box) return null;
const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
if (!frame) return [x, y];
const around = frame.getBoundingClientRect();
const scale = around.width / frame.offsetWidth;
return [around.left + x * scale, around.top + y * scale];
"""
_SAYS = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])"


class RefusedError(Exception):
    """The engine refused a command, as where the page is about to give way to another."""


class Window(Protocol):
    """What each engine can do; a script is the body of a function, its result is plain data."""

    engine: str

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script in the page and return what it returns."""

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window."""

    def wheel(self, x: float, y: float, down: int) -> None:
        """Turn the wheel of the mouse at a place of the window."""

    def press(self, *keys: str) -> None:
        """Press keys one after another: letters, or names such as “Enter”."""

    def resize(self, width: int, height: int) -> None:
        """Give the page this much room."""

    def picture(self) -> bytes:
        """Return what can be seen, as a PNG."""


def await_so(window: Window, script: str, *arguments: object) -> Any:
    """Wait until a script returns something that counts as true, and return that."""
    last: Any = None

    def is_so() -> Any:
        nonlocal last
        try:
            last = window.run(script, *arguments)
        except RefusedError as err:
            last = err
            return False
        return last

    try:
        wait_until(is_so)
    except AssertionError as err:
        raise AssertionError(f"{window.engine}: {last!r} of {script} {arguments}") from err
    return last


def await_words(window: Window, selector: str, words: str) -> None:
    """Wait until an element holds these words."""
    await_so(window, _SAYS, selector, words)


def click_on(window: Window, selector: str, words: str = "", *, frame: str = "") -> None:
    """Click on the innermost element with these words, as soon as it is there."""
    x, y = await_so(window, _PLACE, selector, words, frame)
    window.click(x, y)
