"""Reads a language as people and programs write it, and returns its one code."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Codes by what else stands for them: names in Finnish, Swedish, English and their own, the codes
# of three letters that have one of two, and “se”, Sweden's country code. Northern Sami, whose code
# that is, goes by “sme”.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "fi": ("fin", "suomi", "suomeksi", "finska", "finnish"),
    "sv": ("se", "swe", "ruotsi", "ruotsiksi", "svenska", "swedish"),
    "en": ("eng", "englanti", "englanniksi", "engelska", "english"),
    "sme": ("pohjoissaame", "nordsamiska", "northern sami", "davvisámegiella"),
    "smn": ("inarinsaame", "enaresamiska", "inari sami", "anarâškielâ"),
    "sms": ("koltansaame", "skoltsamiska", "skolt sami", "nuõrttsääʹmǩiõll"),
    "ar": ("ara", "arabia", "arabiska", "arabic"),
    "da": ("dan", "tanska", "danska", "danish", "dansk"),
    "de": ("deu", "ger", "saksa", "tyska", "german", "deutsch"),
    "es": ("spa", "espanja", "spanska", "spanish", "español"),
    "et": ("est", "viro", "eesti", "estniska", "estonian"),
    "fr": ("fra", "fre", "ranska", "franska", "french", "français"),
    "no": ("nor", "norja", "norska", "norwegian", "norsk"),
    "ru": ("rus", "venäjä", "ryska", "russian", "русский"),
    "so": ("som", "somali", "somaliska"),
    "uk": ("ukr", "ukraina", "ukrainska", "ukrainian", "українська"),
}
_CODES = {word: code for code, words in _WORDS.items() for word in words}
_TAIL = re.compile(r"\s*\([^()]*\)$")  # “Finnish (Finland)”


@lru_cache(maxsize=1024)
def language_of(text: str) -> str | None:
    """Return the code of a language, "" for an empty text, and None for what is no language."""
    word = _TAIL.sub("", text.strip().lower())
    if word in _CODES or not word:
        return _CODES.get(word, "")
    code = re.split(r"[-_.]", word)[0]  # “sv-FI”, “fi_FI.UTF-8”
    if not re.fullmatch(r"[a-z]{2,3}", code):
        return None
    return _CODES.get(code, code)


def tag_of(text: str) -> str | None:
    """Return the code of a language with its country where one is named, such as "sv-FI"."""
    code = language_of(text)
    _, _, country = text.strip().replace("_", "-").partition("-")
    if not code or not re.fullmatch(r"[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8})*", country):
        return code
    return f"{code}-{country.upper() if len(country) == 2 else country}"


def spellings_of(code: str) -> tuple[str, ...]:
    """Return what stands for a language, all in small letters; the code comes first."""
    return (code, *_WORDS.get(code, ()))


def by_code(tags: Iterable[str]) -> Mapping[str, str]:
    """Return, of the languages there are, the one for those who name no country."""
    chosen: dict[str, str] = {}
    for tag in sorted(tags, key=len):  # a plain one before those of countries
        chosen.setdefault(language_of(tag) or tag, tag)
    return chosen


def choose_language(wanted: str, tags: Iterable[str], *, otherwise: str) -> str:
    """Return which of the languages there are somebody gets who wants one."""
    tags = list(tags)
    exact = next((t for t in tags if t.lower() == wanted.replace("_", "-").lower()), None)
    return exact or by_code(tags).get(language_of(wanted) or "", otherwise)
