"""The form for signing up on the service's page, as the settings have it."""

from newsletter.cli.common import Settings
from newsletter.consent import Limits
from newsletter.public import Question, SignUpForm


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
