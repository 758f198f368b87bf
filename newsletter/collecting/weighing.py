"""Looks into news for the words an editor follows, and for those of past issues."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from newsletter.collecting.gathering import Harvest
from newsletter.collecting.nearness import nearness
from newsletter.collecting.word_forms import find_words, lemma_of
from newsletter.language.stems import words_of


def sift(harvest: Harvest, language: str) -> Harvest:
    """Return a harvest with the news alone that have one of the words that its source is for."""
    wanted = harvest.source.words
    if not wanted:
        return harvest
    language = harvest.source.language or language
    told = (
        replace(one, found=tuple(find_words(f"{one.title}\n{one.summary}", wanted, language)))
        for one in harvest.items
    )
    return replace(harvest, items=tuple(one for one in told if one.found))


def weigh(harvests: Sequence[Harvest], past: Sequence[str], language: str) -> list[Harvest]:
    """Return harvests whose news tell how near they are to the words of past issues."""
    if not past:
        return list(harvests)
    items = [one for harvest in harvests for one in harvest.items]
    near = iter(
        nearness(
            [words_of(f"{one.title}\n{one.summary}") for one in items],
            [words_of(text) for text in past],
            partial(lemma_of, language=language),
        )
    )
    return [
        replace(h, items=tuple(replace(one, near=next(near)) for one in h.items)) for h in harvests
    ]
