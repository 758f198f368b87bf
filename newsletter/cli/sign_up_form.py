"""The forms on the service's pages, as the settings have them."""

from newsletter.cli.common import Settings
from newsletter.consent import Limits
from newsletter.public import ContributionForm, Question, Quotas, SignUpForm


def form_of(settings: Settings) -> SignUpForm:
    """Return the form of a newsletter."""
    table = settings.subscribe
    questions = [
        Question(
            name=field.name,
            labels={"": field.label, **field.labels},
            choices=tuple(field.choices),
            is_required=field.required,
        )
        for field in table.fields
    ]
    return SignUpForm(
        is_open=table.open,
        asks_name=table.ask_name != "no",
        languages=tuple(table.languages),
        questions=tuple(questions),
        asks_tracking=str(settings.tracking.opens) == "consented",
        privacy_url=table.privacy_url or "",
        limits=Limits(
            mails_a_day=table.mails_a_day,
            network_hour=table.network_hour,
            network_day=table.network_day,
            site_hour=table.site_hour,
            site_day=table.site_day,
            slow_hour=table.slow_hour,
        ),
    )


def contribution_form_of(settings: Settings) -> ContributionForm:
    """Return the forms for news and requests; they ask for the region as the form above does."""
    table = settings.contributions
    regions = next((f.choices for f in settings.subscribe.fields if f.name == "region"), [])
    return ContributionForm(
        is_open=table.open,
        regions=tuple(regions),
        deadline_day=table.deadline_day,
        deadline=table.deadline,
        quotas=Quotas(
            network_hour=table.network_hour,
            network_day=table.network_day,
            site_hour=table.site_hour,
            slow_hour=table.slow_hour,
            waiting=table.waiting,
            picture_bytes=table.picture_mb * 10**6,
        ),
    )
