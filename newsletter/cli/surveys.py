"""`newsletter surveys`: what members are asked, and what they answered."""

import click

from newsletter.cli.common import RuledGroup
from newsletter.cli.survey_inviting import invite
from newsletter.cli.survey_reading import list_command, new, preview
from newsletter.cli.survey_results import results
from newsletter.cli.survey_rows import export
from newsletter.cli.survey_states import close, open_command


@click.group(cls=RuledGroup)
def command() -> None:
    """Ask members, and show what they answered.

    A survey is a file, surveys/ID.md. It takes answers once it is opened, and is read once it is
    closed.

    \b
    Example:
      newsletter surveys preview 2027
      newsletter surveys open 2027
      newsletter surveys results 2027
    """


for one in (new, list_command, preview, open_command, invite, close, results, export):
    command.add_command(one)
