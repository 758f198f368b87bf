"""The words of the grammar of segments, in English, Finnish and Swedish."""

# The words that mean something between values, in three languages; each is one alternative.
WORDS = {
    "AND": "and|ja|och",
    "OR": "or|tai|eller",
    "NOT": "not|ei|inte",
    "IN": "in|jokin|joukossa|bland",
    "IS": "is|ole|är",
    "ON": "on",  # of a day; in Finnish it is "is"
    "EMPTY": "empty|tyhjä|tomt?",
    "DAY": "päivänä|den",
    "BEFORE": "before|ennen|före",
    "AFTER": "after|jälkeen|efter",
    "SINCE": r"since|alkaen|från(?:\s+och\s+med)?",
    "UNTIL": r"until|viimeistään|senast|till\s+och\s+med",
}
# A value, or one of its words, that stands without quotes.
WORD = r"""(?:[^\s()=!,"“”„']|!(?!=))(?:[^\s()=!,"“”„]|!(?!=))*"""
