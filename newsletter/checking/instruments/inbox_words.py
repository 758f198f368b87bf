"""Words of subjects, preheaders and drafts that say nothing, pretend, or are unfinished."""

import re

from newsletter.checking.instruments import vocabulary
from newsletter.language import LEFTOVERS

# What mail programs put before a reply or forwarded mail: English, Finnish, Swedish, German. A
# lower-case letter right after the colon is a case ending: “VS:n alueella”.
ANSWERED = r"(?i:re|fwd?|vs|vl|sv|vb|aw|wg|antw)"
THREAD = re.compile(rf"\s*{ANSWERED}\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:(?![a-zåäö])")

FILLER = re.compile(vocabulary.PATTERNS["filler"], re.I)
# What marks a text as unfinished: what authors write for themselves, filler of layouts, and the
# marks that drafts of the house begin with.
UNWRITTEN = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|(?<![\w?!])\?{3,}|(?i:\blorem ipsum\b)|"
    + "|".join(f"(?i:{re.escape(phrase)})" for phrases in LEFTOVERS.values() for phrase in phrases)
)
