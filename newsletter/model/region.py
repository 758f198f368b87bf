"""The noun of regions: a part of the country with a network of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.language import CountryRegion, find_country_region, regions_of_finland
from newsletter.segments import Equal, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A regional network, as regions.toml tells it."""

    id: str  # letters, digits and hyphens; names its page
    names: Mapping[str, str]  # of the network, by language; the newsletter's own first
    codes: tuple[str, ...]  # of the regions of the country that it covers
    texts: Mapping[str, str] = field(default_factory=dict)  # Markdown about it, by language
    coordinator: str = ""  # who coordinates it
    organisation: str = ""  # for whom they work
    contact: str = ""  # e-mail address, for everybody to see
    phone: str = ""
    url: str = ""  # a page of its own
    sender: str = ""  # the name that its own editions come from; empty: its name
    reply_to: str = ""  # where answers to these go; empty: where all go
    # Whether what stands in `only region=…` for its people may be read by all on its page.
    shows_blocks: bool = False

    def name_in(self, language: str) -> str:
        """Return what the network is called in a language, or else in the newsletter's."""
        return _in(self.names, language)

    def text_in(self, language: str) -> str:
        """Return what is told about it; "" for nothing."""
        return _in(self.texts, language)

    @property
    def parts(self) -> tuple[CountryRegion, ...]:
        """Return the regions of the country that it covers."""
        known = regions_of_finland()
        return tuple(known[code] for code in self.codes)

    def areas_in(self, language: str) -> tuple[str, ...]:
        """Return what they are called in a language."""
        return tuple(part.name_in(language) for part in self.parts)

    @property
    def segment(self) -> Segment:
        """Return the rule that chooses the people there."""
        tree = Equal("region", tuple(part.names["fi"] for part in self.parts))
        return Segment(tree.written(), tree)

    def is_asked_for(self, segment: Segment) -> bool:
        """Return whether a rule chooses people by their region alone, some of them from here."""
        tree = segment.tree
        if not isinstance(tree, Equal) or tree.name != "region":
            return False
        asked = (find_country_region(value) for value in tree.values)
        return any(region and region.code in self.codes for region in asked)


def _in(texts: Mapping[str, str], language: str) -> str:
    own = texts.get(language) or texts.get(language.partition("-")[0])
    return own or next(iter(texts.values()), "")
