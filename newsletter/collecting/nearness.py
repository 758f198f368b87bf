"""Tells how near a piece of news is to what issues of the past were about: plain TF-IDF, by lemmas.

A library would be scikit-learn, which brings 150 MB for these few lines. With a dozen issues a year
there is nothing to train: the words of each text are weighed anew each time, and nothing is kept.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

_SHORTEST = 3  # letters of a word that says something
_Vector = Mapping[str, float]


def nearness(
    texts: Sequence[Iterable[str]], past: Sequence[Iterable[str]], lemma_of: Callable[[str], str]
) -> list[float]:
    """Return for each text, as its words, how near it is to past ones: 0 for nothing in common.

    That is the cosine of the angle between a text and the mean of the past ones, each word counted
    as often as it comes, and the less the more texts have it. Without past texts all are 0.
    """
    counted = [_count(words, lemma_of) for words in (*texts, *past)]
    having = Counter(word for counts in counted for word in counts)
    rarity = {w: 1 + math.log((1 + len(counted)) / (1 + n)) for w, n in having.items()}
    vectors = [_unit({w: n * rarity[w] for w, n in counts.items()}) for counts in counted]
    middle: dict[str, float] = {}
    for vector in vectors[len(texts) :]:
        for word, weight in vector.items():
            middle[word] = middle.get(word, 0.0) + weight
    mean = _unit(middle)
    return [sum(x * mean.get(w, 0.0) for w, x in v.items()) for v in vectors[: len(texts)]]


def _count(words: Iterable[str], lemma_of: Callable[[str], str]) -> Counter[str]:
    said = (word for word in words if len(word) >= _SHORTEST and not word.isdigit())
    return Counter(lemma_of(word) for word in said)


def _unit(vector: Mapping[str, float]) -> _Vector:
    length = math.sqrt(sum(x * x for x in vector.values()))
    return {word: x / length for word, x in vector.items()} if length else {}
