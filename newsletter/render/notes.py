"""Places what plain text adds to a word: numbers of links, and the words of abbreviations.

Both wait until the word they are in has ended: KEHA-keskus, EU:n, kyselyyn. Noncharacters, which no
text may contain (Unicode 23.7), hold them until then.
"""

import re

_NOTE = "\ufdd1{}\ufdd2"
_EXPLANATION = "\ufdd6{}\ufdd7"
_NOTES = re.compile(r"\ufdd1(\d+)\ufdd2")
_EXPLANATIONS = re.compile(r"\ufdd6([^\ufdd7]*)\ufdd7")
_GOES_ON = rf"(?:{_NOTES.pattern}|{_EXPLANATIONS.pattern}|\w|-|[:’'](?=\w))"
# An explanation waits for a second abbreviation, too: EU/ETA.
_AFTER_EXPLANATION = re.compile(
    rf"{_EXPLANATIONS.pattern}(?:{_GOES_ON}|/(?=\w+{_EXPLANATIONS.pattern}))+"
)
_AFTER_NOTE = re.compile(rf"{_NOTES.pattern}{_GOES_ON}+")


def hold_note(number: int) -> str:
    """Return what holds the number of a link until its paragraph is written."""
    return _NOTE.format(number)


def hold_explanation(words: str) -> str:
    """Return what holds the words of an abbreviation until its paragraph is written."""
    return _EXPLANATION.format(words)


def place_notes(text: str) -> str:
    """Write notes and explanations, each after the word it is in or at: kyselyyn [1]."""
    text = _AFTER_EXPLANATION.sub(_words_first, text)
    text = _AFTER_NOTE.sub(_words_first, text)
    return _NOTES.sub(r" [\1]", _EXPLANATIONS.sub(r" (\1)", text))


def _words_first(match: re.Match[str]) -> str:
    """Return a word, then the explanations in it as one, then its notes."""
    whole = match[0]
    words = _NOTES.sub("", _EXPLANATIONS.sub("", whole))
    explained = "; ".join(found[1] for found in _EXPLANATIONS.finditer(whole))
    notes = "".join(found[0] for found in _NOTES.finditer(whole))
    return words + (hold_explanation(explained) if explained else "") + notes
