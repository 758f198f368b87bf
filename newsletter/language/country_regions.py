"""Finland's 19 regions: their names, and the one that somebody means who writes it in any way."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRegion:
    """One of the regions that the country is divided into."""

    code: str  # of the national classification, such as "19"
    names: Mapping[str, str]  # by language: "fi", "sv", "en"
    iso: str  # its code of ISO 3166-2, such as "FI-10"
    at: str  # where somebody is who is there, in Finnish, such as "Lapissa"

    def name_in(self, language: str) -> str:
        """Return what it is called in a language; the Finnish name stands in for others."""
        return self.names.get(language.partition("-")[0], self.names["fi"])

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return all ways to write it, each once."""
        swedish = self.names["sv"]
        ways = (self.names["fi"], swedish, self.names["en"], self.code, self.iso, self.at)
        return tuple(dict.fromkeys((*ways, f"i {swedish}", f"på {swedish}")))


@cache
def regions_of_finland() -> Mapping[str, CountryRegion]:
    """Return the regions by their code, in its order."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {
        code: CountryRegion(
            code=code,
            names={"fi": row["fi"], "sv": row["sv"], "en": row.get("en", row["fi"])},
            iso=row["iso"],
            at=row["at"],
        )
        for code, row in tomllib.loads(text).items()
    }


def find_country_region(text: str) -> CountryRegion | None:
    """Return the region that a code, a name or a place such as "Lapissa" means, in any case."""
    return _by_spelling().get(" ".join(text.split()).casefold())


@cache
def _by_spelling() -> Mapping[str, CountryRegion]:
    return {
        spelling.casefold(): region
        for region in regions_of_finland().values()
        for spelling in region.spellings
    }
