"""The public service: what mails link to, and how whoever runs it asks how it is."""

from newsletter.contributions import Quotas
from newsletter.public.app import build_app
from newsletter.public.forms import Question, SignUpForm
from newsletter.public.kept_meetings import KeptMeetings
from newsletter.public.kept_regions import KeptRegions
from newsletter.public.offer_forms import ContributionForm
from newsletter.public.server import PublicServer
from newsletter.public.site import PublicSite

__all__ = [
    "ContributionForm",
    "KeptMeetings",
    "KeptRegions",
    "PublicServer",
    "PublicSite",
    "Question",
    "Quotas",
    "SignUpForm",
    "build_app",
]
