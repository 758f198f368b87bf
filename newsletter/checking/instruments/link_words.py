"""Link texts that do not say where the link leads, by language."""

import re

# As whole link texts; the sentence around them is not part of them.
GENERIC = {
    "fi": frozenset(
        {
            *("lue lisää", "lue", "lisää", "lue lisää tästä", "lue lisää täältä", "lue tästä"),
            *("lue täältä", "lue koko juttu", "lue juttu", "lue koko uutinen", "lue uutinen"),
            *("lisätietoja", "lisätietoa", "lisätiedot", "lisätietoa täältä", "tutustu"),
            *("lisätietoja täältä", "lisätietoja tästä", "katso", "katso lisää", "katso tästä"),
            *("katso täältä", "klikkaa", "klikkaa tästä", "klikkaa tätä", "klikkaa täältä"),
            *("klikkaa tähän", "klikkaamalla tästä", "paina tästä", "paina tätä", "napauta tästä"),
            *("tästä", "täältä", "täällä", "tänne", "tähän", "tässä", "tästä linkistä", "linkki"),
            *("linkistä", "tämä linkki", "tämän linkin kautta", "linkin kautta", "oheinen linkki"),
            *("oheisesta linkistä", "linkki tästä", "linkki täällä", "sivu", "sivulta", "avaa"),
            *("tällä sivulla", "tältä sivulta", "tästä pääset", "siirry", "siirry tästä"),
            *("jatka", "jatka lukemista", "näytä", "näytä lisää", "ohessa", "lataa", "lataa tästä"),
        }
    ),
    "sv": frozenset(
        {
            *("läs mer", "läs mera", "läs", "mer", "mera", "läs mer här", "läs här", "läs vidare"),
            *("mer information", "mer info", "mera information", "klicka", "klicka här"),
            *("tryck här", "här", "hit", "hitåt", "länk", "länken", "denna länk", "den här länken"),
            *("via länken", "via denna länk", "länk här", "se mer", "se", "se här", "titta här"),
            *("öppna", "visa", "visa mer", "fortsätt", "fortsätt läsa", "sidan", "denna sida"),
            *("ladda ner", "ladda ner här", "till sidan"),
        }
    ),
    "en": frozenset(
        {
            *("read more", "more", "read", "read on", "read here", "read more here", "learn more"),
            *("find out more", "see more", "see here", "view more", "view", "more info"),
            *("more information", "further information", "details", "more details", "click"),
            *("click here", "click this", "here", "link", "this link", "this page"),
            *("the link", "go", "go here", "open", "continue", "continue reading", "download"),
            *("download here", "tap here", "press here", "page", "website", "via this link"),
        }
    ),
}  # fmt: skip
_ANY = frozenset().union(*GENERIC.values())
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def normal(words: str) -> str:
    """Return the text of a link in lower case, without punctuation and arrows around it."""
    return _EDGES.sub("", " ".join(words.lower().split()))


def is_generic(words: str) -> bool:
    """Return whether a text alone does not say where its link leads, in any of the languages."""
    return normal(words) in _ANY
