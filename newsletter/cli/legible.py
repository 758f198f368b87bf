"""Standard streams take every text: signs that one cannot write, as in Latin-1, give way to others.

Reports for programs do not pass here: they are in UTF-8, or in JSON's own escapes.
"""

import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from unicodedata import normalize

# What stands for signs of the program's own texts; letters lose their accents, all else is a “?”.
_INSTEAD = str.maketrans(
    {
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("•●▪■█▇▆▅▄▃▂▁━╸╺╹╻", "#"),
        **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "),
        "…": "...",
        "▒": "=",
        "░": "-",
        "→": "->",
        "←": "<-",
        "≤": "<=",
        "≥": ">=",
        "×": "x",
        "✓": "+",
        "✗": "x",
    }
)
_LEGIBLE = "newsletter.legible"  # the name under which Python knows how to replace
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def open_streams() -> None:
    """Open the standard streams without which the command was started (`<&-`) on nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - to the end


def replace_signs() -> None:
    """Let the standard streams write other signs for those that their encoding has not."""
    codecs.register_error(_LEGIBLE, _replaced)
    wanted = ((sys.stdin, "replace"), (sys.stdout, _LEGIBLE), (sys.stderr, _LEGIBLE))
    for stream, errors in wanted:
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError):  # it was made for another file than it is by now
                stream.reconfigure(errors=errors)


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    # Python's encoders of Unicode take text only in ASCII; that of UTF-8 takes bytes, too.
    if error.encoding.startswith(("utf-16", "utf-32")):
        return "?" * len(signs), error.end
    text = "".join(_instead_of(sign, error.encoding) for sign in signs)
    return text.encode() if error.encoding == "utf-8" else text, error.end


def _instead_of(sign: str, encoding: str) -> str:
    bare = "".join(c for c in normalize("NFKD", sign) if c.isascii())
    tries = (sign.translate(_INSTEAD), bare, _REPLACED)
    return next((t for t in tries if t and t != sign and _is_written(t, encoding)), "?")


def _is_written(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
