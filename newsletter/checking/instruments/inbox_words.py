"""Subjects and preheaders that say nothing or pretend, in Finnish, Swedish and English."""

import re

from newsletter.checking.instruments import vocabulary
from newsletter.language import LEFTOVERS

# What mail programs put before a reply or forwarded mail: English, Finnish, Swedish, German. A
# lower-case letter right after the colon is a case ending: “VS:n alueella”.
ANSWERED = r"(?i:re|fwd?|vs|vl|sv|vb|aw|wg|antw)"
THREAD = re.compile(rf"\s*{ANSWERED}\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:(?![a-zåäö])")

FILLER = re.compile(vocabulary.PATTERNS["filler"], re.I)
# What authors write for themselves, and what the house pattern begins with.
REMINDERS = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|(?<![\w?!])\?{3,}|(?i:\blorem ipsum\b)|"
    + "|".join(f"(?i:{re.escape(phrase)})" for phrases in LEFTOVERS.values() for phrase in phrases)
)
