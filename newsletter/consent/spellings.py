"""What all spellings of a mailbox share, for counting alone."""

_GMAIL = ("gmail.com", "googlemail.com")


def folded(address: str) -> str:
    """Return what all spellings of a mailbox share, for counting alone: Gmail's dots, plus parts.

    Elsewhere they may be the mailboxes of different people.
    """
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
