"""Checks that ask the network: where links lead, and what the sender's domain publishes.

Their rules stand apart, so that whoever names one loads nothing for DNS and TLS.
"""

from newsletter.checking.online.dkim import read_keys
from newsletter.checking.online.dns import Origin, check_dns_online
from newsletter.checking.online.inquiry import Lookout, ProgressCallbacks, inquire, open_network
from newsletter.checking.online.leaving import Exit
from newsletter.checking.online.resolver import Resolver
from newsletter.checking.online.unanswered import OFFLINE, words_for
from newsletter.checking.online_rules import DKIM_KEY, DMARC, SPF

__all__ = [
    "DKIM_KEY",
    "DMARC",
    "OFFLINE",
    "SPF",
    "Exit",
    "Lookout",
    "Origin",
    "ProgressCallbacks",
    "Resolver",
    "check_dns_online",
    "inquire",
    "open_network",
    "read_keys",
    "words_for",
]
