"""What pages are told of an issue after it was sent, in the words of the report on all of them."""

from collections.abc import Iterator
from typing import Any

from newsletter.language import Wording, is_said_in, say, say_in, say_many
from newsletter.model.figures import Counts, IssueFigures, LinkCounts, OpenRange, Share
from newsletter.stats_report import (
    LEAST,
    MOST,
    NOT_KNOWN,
    OTHER_LINKS,
    OUTER,
    Calendar,
    Measure,
    Whose,
    changes_of,
    harmless_words,
    measure_of,
    percent,
    percent_range,
    place_of,
    share_range,
    sums_of,
)


def describe_figures(figures: IssueFigures, language: str, timezone: str) -> dict[str, Any]:
    """Return what a page shows of an issue that was sent, in the editor's language."""
    measure, calendar = measure_of(figures.shown.links), Calendar(language, timezone)
    told = {
        "range": _range(figures.open_range),
        "hidden": figures.hidden_because or "",
        "facts": list(_facts(figures)),
        "origin": _origin(figures, calendar),
        "changes": list(changes_of([figures], calendar)),
        "has_others": bool(figures.others),
        "window": _window(figures),
        "measure": measure.words,
        "links": _links(figures.shown, measure),
    }
    return _in_one_language(told, language)


def describe_row(figures: IssueFigures, language: str) -> dict[str, Any]:
    """Return what the list of issues shows of one that was sent."""
    delivered, opened, *_ = sums_of(figures)
    told = {
        "sent": figures.delivered.sent,
        "facts": [_fact(delivered.name, delivered.number), _fact(opened.name, opened.number)],
        "bounds": list(figures.open_range.bounds) if figures.open_range else [],
    }
    return _in_one_language(told, language)


# --- what is known ------------------------------------------------------------------------


def _range(found: OpenRange | None) -> dict[str, Any] | None:
    if found is None:
        return None
    low, high = found.bounds
    named = (
        ("least", LEAST, found.least),
        ("most", MOST, found.most),
        ("outer", OUTER, found.outer),
    )
    return {
        "low": low,
        "high": high,
        "short": percent_range(found.bounds),
        "words": say(
            "Of {n:,} readers, {range} opened it.",
            n=found.outer.of,
            range=percent_range(found.bounds),
        ),
        "bounds": [_bound(kind, name, share) for kind, name, share in named if share],
    }


def _bound(kind: str, name: Wording, share: Share) -> dict[str, Any]:
    words = percent(share.value)
    return {"kind": kind, "name": name, "count": share.count, "share": share.value, "words": words}


def _facts(figures: IssueFigures) -> Iterator[dict[str, Any]]:
    """Yield name, figure and remark of what is known beside the range."""
    delivered, opened, *others = sums_of(figures)
    yield _fact(delivered.name, delivered.number, delivered.more)
    if figures.open_range is None:
        yield _fact(opened.name, opened.number, opened.more)
    for one in others:
        yield _fact(one.name, one.number, one.more)
    if figures.delivered.complained:
        yield _fact(say("Complained"), say("{count:,}", count=figures.delivered.complained))
    if figures.shown.half_after is not None:
        hours = say("{hours} h", hours=figures.shown.half_after)
        yield _fact(say("Half of the opens within"), hours)


def _fact(name: str, value: str, remark: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "remark": remark}


def _origin(figures: IssueFigures, calendar: Calendar) -> Wording:
    """Return why the figures are those of their source, and when it was heard last."""
    if figures.shown.as_of is None:
        return figures.why
    at = calendar.moment(figures.shown.as_of)
    return say("{why} (last heard {at})", why=figures.why, at=at)


def _window(figures: IssueFigures) -> Wording:
    state = say("final") if figures.is_final else say("still being counted")
    return say_many("{n} day, {state}", "{n} days, {state}", n=figures.window_days, state=state)


# --- links --------------------------------------------------------------------------------


def _links(shown: Counts, measure: Measure) -> list[dict[str, Any]]:
    """Return the links of an issue, the most followed first, and then all others together."""
    ordered = sorted(shown.links, key=lambda link: (not link.url, *measure.rank_of(link)))
    most = max((measure.number_of(link) or 0 for link in ordered if link.url), default=0)
    return [_link(link, measure, most=most) for link in ordered]


def _link(link: LinkCounts, measure: Measure, *, most: int) -> dict[str, Any]:
    count = measure.number_of(link)
    place = place_of(link.url)
    return {
        "url": link.url,
        "words": harmless_words(link.words) or place or OTHER_LINKS,
        "section": harmless_words(link.section),
        "place": place,
        "count": count,
        "heat": (count or 0) / most if most and link.url else 0,
        **_labels(link, measure),
    }


def _labels(link: LinkCounts, measure: Measure) -> dict[str, str]:
    """Return how often a link was followed, in full and for a narrow place."""
    count = measure.number_of(link)
    if count is None:
        return {"label": NOT_KNOWN, "short": ""}
    number = _number(link, measure, count)
    if not measure.of_people or not link.of:
        return {"label": number, "short": number}
    share = share_range(measure.split_of(link), link.of)
    if measure.whose is Whose.PERHAPS:
        share = percent(min(1, count / link.of))
    return {
        "label": say("{number}, {share}", number=number, share=share),
        "short": say("{number} · {share}", number=measure.told_of(link), share=share),
    }


def _number(link: LinkCounts, measure: Measure, count: int) -> Wording:
    """Return by how many readers a link was followed, or how often, in words."""
    if measure.whose is Whose.PERHAPS and count:
        if measure.of_people:
            return say_many("at most {n:,} reader", "at most {n:,} readers", count)
        return say_many("at most {n:,} click", "at most {n:,} clicks", count)
    if measure.whose is Whose.LIKELY and measure.split_of(link).unknown:
        told = measure.told_of(link)
        readers, clicks = say("{range} readers", range=told), say("{range} clicks", range=told)
        return readers if measure.of_people else clicks
    if measure.of_people:
        return say_many("{n:,} reader", "{n:,} readers", count)
    return say_many("{n:,} click", "{n:,} clicks", count)


# --- words --------------------------------------------------------------------------------


def _in_one_language(told: dict[str, Any], language: str) -> dict[str, Any]:
    """Return an object with all its texts in one language, and its code."""
    is_said = all(is_said_in(language, words) for words in _wordings(told))
    spoken = language if is_said else "en"
    return {"lang": spoken, **_spoken(told, spoken)}


def _wordings(told: Any) -> Iterator[Wording]:
    if isinstance(told, Wording):
        yield told
    elif isinstance(told, dict | list):
        for value in told.values() if isinstance(told, dict) else told:
            yield from _wordings(value)


def _spoken(told: Any, language: str) -> Any:
    if isinstance(told, Wording):
        return say_in(language, told)
    if isinstance(told, dict):
        return {key: _spoken(value, language) for key, value in told.items()}
    return [_spoken(value, language) for value in told] if isinstance(told, list) else told
