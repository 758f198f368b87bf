"""An issue and the list become a plan: who would get which edition, and what is wrong with it."""

from newsletter.plans.census import Census
from newsletter.plans.drafting import EVERYBODY, Addressees, Plan, draft_plan
from newsletter.plans.readership import choice_of, variant_for

__all__ = [
    "EVERYBODY",
    "Addressees",
    "Census",
    "Plan",
    "choice_of",
    "draft_plan",
    "variant_for",
]
