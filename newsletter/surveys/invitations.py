"""Tokens by which an invited person answers a survey: of that survey alone, and of one person."""

from newsletter.links import read_note, sign_note


def token_for(secret: str, survey_id: str, subscriber_key: str) -> str:
    """Return what the link of an invitation carries; it says who was invited, and nothing else."""
    return sign_note(secret, f"survey {survey_id}", subscriber_key)


def read_token(secret: str, survey_id: str, token: str) -> str:
    """Return the key of who was invited; raise TamperedLinkError for what is not ours."""
    return read_note(secret, f"survey {survey_id}", token)
