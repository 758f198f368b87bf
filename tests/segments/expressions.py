"""Segments made up at random as people write them, and people."""

from hypothesis import strategies as st

from newsletter.segments.quoting import quoted

NAMES = ("region", "organisation", "role")
# With letters beyond ASCII, folds of several letters, words of the grammar and signs of SQL.
VALUES = (
    *("Lappi", "lappi", "LAPPI", "Lapissa", "19", "FI-10", "FI-01", "01", "Åland", "åland"),
    *("Etelä-Savo", "ETELÄ-SAVO", "kunta", "KUNTA", "Kunta ja kaupunki", "STRASSE", "Straße"),
    *("'; DROP TABLE subscribers; --", '" or 1=1', "%", "_", "100 %", "a\\b", "ﬁ", "FI", "or"),
    *("K", "k", "not", "$.x", "\N{GREEK CAPITAL LETTER SIGMA}", "ς"),
)
DAYS = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2027-01-01")
_PERIODS = ("2026", "2/2026", "2026-02", "1.3.2026", "2026-03-01", "31.12.2025")

names = st.sampled_from(NAMES)
values = st.sampled_from(VALUES)


def _equal(name: str, sign: str, value: str) -> str:
    return f"{name} {sign} {quoted(value)}"


def _among(name: str, word: str, some: list[str]) -> str:
    return f"{name} {word} ({', '.join(map(quoted, some))})"


_tests = st.one_of(
    st.builds(_equal, names, st.sampled_from(["=", "!="]), values),
    st.builds(
        _among,
        names,
        st.sampled_from(["in", "not in", "ei joukossa", "bland"]),
        st.lists(values, min_size=1, max_size=4),
    ),
    st.builds(
        lambda name, word: f"{name} {word}",
        names,
        st.sampled_from(["is empty", "is not empty", "on tyhjä", "ei ole tyhjä", "är inte tom"]),
    ),
    st.builds(
        lambda name, word, period: f"{name} {word} {period}",
        st.sampled_from(["joined", "role"]),
        st.sampled_from(["before", "ennen", "after", "on", "since", "on or before"]),
        st.sampled_from(_PERIODS),
    ),
)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.builds(
        lambda parts, word: f" {word} ".join(f"({part})" for part in parts),
        st.lists(inner, min_size=2, max_size=3),
        st.sampled_from(["and", "or", "ja", "TAI", "och", "eller"]),
    )
    return joined | inner.map(lambda part: f"not ({part})")


segments_as_written = st.recursive(_tests, _more, max_leaves=6)

people = st.fixed_dictionaries(
    {},
    optional={
        "region": values | st.just(""),
        "organisation": values,
        "role": values | st.sampled_from(DAYS) | st.just("2026-99-99 and more"),
    },
)
