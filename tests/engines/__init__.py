"""Chromium, Firefox and WebKit: the mail and the preview in all three, for `make proofs`.

Debian's own builds, driven alike: Chromium by Playwright as in `tests/browser`, the others by the
commands of W3C WebDriver (`driven`), which WebKit takes over HTTP from its driver and Firefox
through its own door, Marionette (`wires`). Debian has no geckodriver, which would only translate
the one into the other, and a client such as Selenium looks for drivers on the network.
"""
