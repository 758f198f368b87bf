"""Subjects and preheaders that say nothing or pretend, in Finnish, Swedish and English."""

import re

from newsletter.language import LEFTOVERS

# What mail programs put before a reply or forwarded mail: English, Finnish, Swedish, German. A
# lower-case letter right after the colon is a case ending: “VS:n alueella”.
ANSWERED = r"(?i:re|fwd?|vs|vl|sv|vb|aw|wg|antw)"
THREAD = re.compile(rf"\s*{ANSWERED}\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:(?![a-zåäö])")

# Instructions at the top of a template that became the preheader.
FILLER = re.compile(
    r"\b(?:view (?:this|it)?.{0,20}in (?:your |a )?browser|read in browser|view online"
    r"|having trouble (?:viewing|reading)|can(?:'|’|no)t see (?:this|the)"
    r"|click here to (?:view|read)|(?:lue|avaa|katso)\b.{0,20}\bselaimessa"
    r"|(?:etkö|ellet) näe (?:viesti|kirjet|uutiskirjet|kuvi)|jos (?:viesti|kirje) ei näy"
    r"|(?:läs|öppna|visa)\b.{0,25}\bi (?:din )?webbläsare"
    r"|(?:ser|kan) du inte (?:läsa |se )?(?:brevet|nyhetsbrevet|mejlet|bilderna)"
    r"|unsubscribe|peruuta tilaus|avsluta prenumeration)",
    re.I,
)
# What authors write for themselves, and what the house pattern begins with.
REMINDERS = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|(?<![\w?!])\?{3,}|(?i:\blorem ipsum\b)|"
    + "|".join(f"(?i:{re.escape(phrase)})" for phrases in LEFTOVERS.values() for phrase in phrases)
)
