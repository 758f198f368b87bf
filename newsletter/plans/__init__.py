"""Turns an issue and the list into a plan: who would get which edition, and its findings."""

from newsletter.plans.census import Census, wake
from newsletter.plans.drafting import EVERYBODY, Addressees, Plan, draft_plan
from newsletter.plans.known_names import check_segment
from newsletter.plans.latecomers import LatePlan, plan_late
from newsletter.plans.readership import choice_of, fullest_in, variant_for

__all__ = [
    "EVERYBODY",
    "Addressees",
    "Census",
    "LatePlan",
    "Plan",
    "check_segment",
    "choice_of",
    "draft_plan",
    "fullest_in",
    "plan_late",
    "variant_for",
    "wake",
]
