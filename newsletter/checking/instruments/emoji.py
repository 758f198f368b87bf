"""What counts as one character to a reader, however many code points it is made of."""

import unicodedata

_BASE = "[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
_MORE = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"  # variants, skin tones, flags

# The pattern of one: a flag of two letters, a keycap, or signs joined into one, such as a family of
# three generations (Unicode Technical Standard 51, section 1.4.9).
EMOJI = (
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_BASE}{_MORE}(?:\u200d{_BASE}{_MORE})*)"
)


def graphemes(text: str) -> int:
    """Return how many characters a reader sees: an emoji made of several counts once."""
    count, joined, flags = 0, False, 0
    for letter in text:
        is_flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        flags = flags + 1 if is_flag else 0
        extends = unicodedata.category(letter) in ("Mn", "Me", "Cf") or (
            "\U0001f3fb" <= letter <= "\U0001f3ff"
        )
        count += not (extends or joined or (is_flag and flags % 2 == 0))
        joined = letter == "\u200d"
    return count
