"""`newsletter surveys`: what members are asked, and what they answered."""

import click

from newsletter.cli.common import RuledGroup
from newsletter.cli.survey_results import results


@click.group(cls=RuledGroup)
def command() -> None:
    """Ask members, and show what they answered.

    \b
    Example:
      newsletter surveys results 2027-kysely
    """


command.add_command(results)
