"""Detects which of the newsletter's languages a text is written in, by its function words."""

import re
from collections.abc import Iterable

from newsletter.language import say

RUNS_LEFT = ("ar", "fa", "he", "ur", "yi")  # languages written from right to left
NAMES = {"fi": say("Finnish"), "sv": say("Swedish"), "en": say("English")}
# The commonest words of each language that are not words of the other two, in any sense: “on”,
# “men”, “man”, “i”, “de”, “var”, “en”, “vi”, “se”, “he”, “me” and the like are left out.
COMMON = {
    "fi": frozenset(
        {
            *("ja", "ei", "että", "hän", "ne", "oli", "ovat", "joka", "jotka", "mutta"),
            *("myös", "kun", "kuin", "niin", "tai", "sekä", "jos", "voi", "vain", "mukaan"),
            *("tämä", "tämän", "tätä", "tässä", "tähän", "nämä", "näitä", "näiden", "siitä"),
            *("sen", "niitä", "niiden", "siihen", "sitä", "ole", "olla", "ollut", "olisi"),
            *("eivät", "emme", "heidän", "meidän", "teidän", "hänen", "minä"),
            *("sinä", "mikä", "mitä", "miten", "missä", "milloin", "kuinka", "koska", "jossa"),
            *("jonka", "joiden", "joita", "kanssa", "kautta", "jälkeen", "ennen", "aikana"),
            *("kaikki", "kaikille", "kaikkien", "moni", "uusi", "uuden", "vielä", "nyt", "jo"),
            *("hyvin", "lisäksi", "kuitenkin", "sitten", "ettei", "jotta", "vuoden", "vuonna"),
            *("vuotta", "voit", "voidaan", "olemme", "olet", "olivat", "pitää", "täytyy"),
        }
    ),
    "sv": frozenset(
        {
            *("och", "att", "det", "som", "på", "är", "av", "för", "med", "till", "inte", "ett"),
            *("har", "om", "från", "kan", "så", "eller", "när", "också", "vid", "efter", "hade"),
            *("den", "jag", "han", "hon", "dem", "deras", "vår", "våra", "vårt", "ert", "era"),
            *("sin", "sitt", "sina", "detta", "dessa", "denna", "där", "här", "hur", "vad"),
            *("vem", "vilka", "vilken", "ska", "skall", "skulle", "kommer", "finns", "blir"),
            *("bli", "blev", "blivit", "varit", "vara", "mycket", "många", "alla", "allt"),
            *("mer", "än", "bara", "genom", "mellan", "mot", "utan", "över", "upp", "ut", "nu"),
            *("oss", "ni", "du", "din", "ditt", "dina", "få", "får", "fick", "göra", "gör"),
            *("måste", "kunna", "ännu", "redan", "även", "samt", "året", "år", "andra", "några"),
        }
    ),
    "en": frozenset(
        {
            *("the", "of", "and", "to", "in", "is", "that", "for", "it", "was", "with", "as"),
            *("be", "by", "at", "this", "are", "from", "or", "have", "an", "which", "you"),
            *("were", "has", "had", "not", "but", "they", "their", "them", "we", "our", "your"),
            *("his", "her", "she", "been", "will", "would", "can", "could", "should", "may"),
            *("more", "about", "into", "than", "other", "some", "what", "when", "where", "who"),
            *("how", "if", "there", "these", "those", "its", "also", "all", "any", "new", "out"),
            *("up", "do", "does", "did", "one", "only", "over", "such", "then", "between"),
            *("after", "before", "because", "through", "while", "each", "many", "most", "us"),
        }
    ),
}
_WORD = re.compile(r"[^\W\d_]+")


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case, without digits."""
    return _WORD.findall(text.lower())


def counts_of(words: Iterable[str]) -> dict[str, int]:
    """Return how many of the words are common ones, by language."""
    counts = dict.fromkeys(COMMON, 0)
    for word in words:
        for language, common in COMMON.items():
            counts[language] += word in common
    return counts


def language_of(words: list[str]) -> str | None:
    """Return the language of some words; None unless one is far ahead of the others.

    Finnish has few function words, so one word in twenty is enough; but there must be at least
    four, and three times as many as of any other language.
    """
    ranked = sorted(counts_of(words).items(), key=lambda item: item[1], reverse=True)
    (best, most), (_, next_most) = ranked[:2]
    stands_out = most >= 4 and most >= 3 * next_most and most * 20 >= len(words)
    return best if stands_out else None
