"""Tells people from machines: how somebody asks, by rules with a date -> who it likely was."""

from newsletter.judging.asked_for import Asked, asked_of
from newsletter.judging.bursts import Bursts
from newsletter.judging.egress_lists import is_egress_list, read_egress_list
from newsletter.judging.in_force import RulesInForce, rulebook_in_force
from newsletter.judging.rule_files import RuleFile, read_rules, rule_file_error, shipped_file
from newsletter.judging.rulebook import Rulebook, rulebook_of, shipped
from newsletter.judging.told_visits import judge_told

__all__ = [
    "Asked",
    "Bursts",
    "RuleFile",
    "Rulebook",
    "RulesInForce",
    "asked_of",
    "is_egress_list",
    "judge_told",
    "read_egress_list",
    "read_rules",
    "rule_file_error",
    "rulebook_in_force",
    "rulebook_of",
    "shipped",
    "shipped_file",
]
