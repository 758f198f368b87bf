"""What became of the templates that a newsletter copied, as the package goes on."""

from newsletter.upgrades.advice import advise
from newsletter.upgrades.copying import copy_templates, to_be_changed
from newsletter.upgrades.differences import Difference, differences_of
from newsletter.upgrades.renewal import Outcome, Renewal, renew, renewal_of
from newsletter.upgrades.stock import (
    Relation,
    Template,
    full_name,
    house_look,
    own_names,
    take_stock,
    template_of,
)
from newsletter.upgrades.threeway import MARKS_OF_CONFLICTS, first_mark

__all__ = [
    "MARKS_OF_CONFLICTS",
    "Difference",
    "Outcome",
    "Relation",
    "Renewal",
    "Template",
    "advise",
    "copy_templates",
    "differences_of",
    "first_mark",
    "full_name",
    "house_look",
    "own_names",
    "renew",
    "renewal_of",
    "take_stock",
    "template_of",
    "to_be_changed",
]
