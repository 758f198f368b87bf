"""In which language the system speaks to its user."""

import os
import sys
from contextlib import suppress

if sys.platform == "win32":  # 4 ms that no other system needs, as below
    import ctypes
    import locale
elif sys.platform == "darwin":
    import subprocess

_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides (POSIX, XBD 8.2)


def language_of_system() -> str:
    """Return the language of the environment or of the system's settings; "" if none is set.

    A terminal of Windows sets no variables, and one of a Mac only if its own settings say so.
    """
    return next(filter(None, map(os.environ.get, _NAMES)), "") or _in_settings()


def _in_settings() -> str:
    if sys.platform == "win32":
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    if sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            asked = ["/usr/bin/defaults", "read", "-g", "AppleLocale"]
            return subprocess.check_output(asked, text=True, timeout=2).strip()  # noqa: S603 - ours
    return ""
