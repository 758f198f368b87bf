"""Catalogs are read by an expression, which reads whatever Babel and translators' tools write."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from newsletter.language.catalogs import LOCALE, SPOKEN, read_texts, unquoted

CATALOGS = sorted(LOCALE.rglob("*.po"))
# Any text that a template can be, with what catalogs quote in plenty.
TEXTS = st.text(st.one_of(st.sampled_from('\\"\n\t\r n'), st.characters(codec="utf-8")), min_size=1)


def _forms(file: Path) -> dict[str, tuple[str, str]]:
    texts = read_texts(file).items()
    return {source: (unquoted(one), unquoted(many)) for source, (one, many) in texts}


def _forms_by_babel(catalog: Catalog) -> dict[str, tuple[str, str]]:
    forms = {}
    for message in catalog:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[0]
            one, many = (
                [message.string, ""] if isinstance(message.string, str) else message.string or ()
            )
            forms[str(source)] = (str(one), str(many))
    return forms


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: f"{file.stem} {file.parts[-3]}")
def test_our_catalogs_are_read_as_babel_reads_them(file: Path) -> None:
    with file.open("rb") as opened:
        by_babel = _forms_by_babel(read_po(opened))

    assert _forms(file) == by_babel
    assert "fuzzy" not in file.read_text("utf-8")


@given(texts=st.dictionaries(TEXTS, TEXTS), one=TEXTS, many=TEXTS, width=st.sampled_from([0, 40]))
def test_any_text_is_read_as_it_was_written(
    tmp_path: Path, texts: dict[str, str], one: str, many: str, width: int
) -> None:
    catalog = Catalog(locale="fi")
    for source, translation in texts.items():
        catalog.add(source, translation)
    catalog.add((f"1 {one}", many), (one, many))
    written = BytesIO()
    write_po(written, catalog, width=width)
    file = tmp_path / "texts.po"
    file.write_bytes(written.getvalue())

    assert _forms(file) == {**{k: (t, "") for k, t in texts.items()}, f"1 {one}": (one, many)}


def test_a_language_is_spoken_if_it_has_catalogs() -> None:
    assert {*SPOKEN} == {"en", *(folder.name for folder in LOCALE.iterdir())}
