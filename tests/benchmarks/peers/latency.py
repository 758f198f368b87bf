"""Measures how long a preview takes from the save of a file to new pixels in a browser."""

import json
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TIMES = 30
FIRST = "Lämmin kiitos"  # words of the sample issue; a save is numbered before them
# Both previews show the mail in a frame of the page.
SEEN_IN_FRAME = """n => {
  const mail = document.querySelector("iframe")?.contentDocument?.body;
  return !!mail && mail.textContent.includes(`save ${n}.`);
}"""
_PATIENCE = 30.0  # seconds for one save to be seen
_REST = 0.3  # seconds between saves: nobody saves faster, and watchers join what comes together

# Asks in every frame whether the save is seen. The frame after has it on the screen. What is
# awaited outlives a reload of the page.
_WATCH = """
(() => {
  const seen = %s;
  const look = () => {
    const awaited = sessionStorage.getItem("awaited");
    if (awaited !== null && document.body && seen(Number(awaited))) {
      sessionStorage.removeItem("awaited");
      requestAnimationFrame(() => sessionStorage.setItem(`seen${awaited}`, Date.now()));
    }
    requestAnimationFrame(look);
  };
  if (window === window.top) requestAnimationFrame(look);
})();
"""


def measure(
    url: str, save: Callable[[int], None], seen: str, *, times: int = TIMES, warm_up: int = 3
) -> list[float]:
    """Return the seconds of each save until its pixels are on the screen.

    `save(n)` writes the n-th state of the file; `seen` is a JavaScript function that says of a
    page whether it shows the n-th state.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(_WATCH % seen)
        page.goto(url)
        taken = []
        for n in range(1, warm_up + times + 1):
            time.sleep(_REST)
            page.evaluate("n => sessionStorage.setItem('awaited', n)", n)
            start = time.time()
            save(n)
            taken.append(_seen_at(page, n) - start)
        chromium.close()
    return taken[warm_up:]


def tell(what: str, taken: list[float]) -> None:
    """Print the figures, for people and as a line of JSON."""
    figures = {
        "what": what,
        "saves": len(taken),
        "median_ms": round(statistics.median(taken) * 1000),
        "min_ms": round(min(taken) * 1000),
        "max_ms": round(max(taken) * 1000),
        "load": Path("/proc/loadavg").read_text().split()[:3],
    }
    print(json.dumps(figures, ensure_ascii=False))


def _seen_at(page: Page, n: int) -> float:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        at = page.evaluate("n => sessionStorage.getItem(`seen${n}`)", n)
        if at is not None:
            return float(at) / 1000
        time.sleep(0.01)
    raise TimeoutError(f"save {n} was not seen within {_PATIENCE:g} s")
