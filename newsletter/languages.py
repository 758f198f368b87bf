"""Reads a language as people and programs write it, and returns its one code."""

import re
from collections.abc import Mapping
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
