"""Detects whether readers are asked to do something by a day, in Finnish, Swedish and English."""

import re

# Words that ask for something before a day, by their stems.
_REGISTER = re.compile(
    r"\b(?:ilmoit|hae\b|haku|hakemu|anmäl|ansök|registr|sign up|rsvp|apply|application|deadline)",
    re.I,
)
_UNTIL = re.compile(
    r"\b(?:mennessä|viimeistään|asti|saakka|takaraja|senast|före|sista|tills|"
    r"by|until|before|no later than|deadline|closes?)\b|\bpäättyy",
    re.I,
)
_INVITES = re.compile(
    r"\b(?:ilmoittaudu|tervetuloa|osallistu(?:\b|kaa)|tule\b|varaa\b|vastaa\b|välkommen|delta\b|"
    r"anmäl (?:dig|er)|svara\b|join\b|register\b|sign up|rsvp|come\b)",
    re.I,
)
# Something is still open, and until when.
_OPEN = re.compile(
    r"\b(?:ehtii|ehdi(?:t(?:te)?|mme|tään)|ehtivät|vastata\b|vastausaik|aikaa (?:on|vastata)\b|"
    r"(?:on|ovat) (?:vielä |yhä |edelleen )?(?:auki|avoinna|avoin|avoimia)\b|voi(?:t|tte)?\b|"
    r"svarstid|hinner|(?:är|hålls) (?:ännu |fortfarande )?(?:öppe[nt]|öppna)\b|kan (?:du|ni|man)\b|"
    r"(?:du|ni|man) kan\b|(?:is|are) (?:still )?open\b|you (?:can|may|have)\b)",
    re.I,
)
# “Till” and “by” mean much else, so a day must follow.
_LAST = re.compile(
    r"\b(?:asti|saakka|mennessä|viimeistään|senast|tills|t\.o\.m|until|no later than)\b|"
    r"\btill(?: och med)? (?:\w+dag(?:en)? )?(?:den )?\d|"
    r"\bby (?:\w+day,? )?(?:the )?(?:[a-z]+ )?\d",
    re.I,
)


def is_asked(sentence: str, role: str) -> bool:
    """Return whether a sentence asks readers to do something by its dates."""
    return (
        role == "button"
        or bool(_INVITES.search(sentence))
        or names_deadline(sentence)
        or bool(_OPEN.search(sentence) and _LAST.search(sentence))
    )


def names_deadline(sentence: str) -> bool:
    """Return whether the dates of a sentence are deadlines to register or apply."""
    return bool(_REGISTER.search(sentence) and _UNTIL.search(sentence))
