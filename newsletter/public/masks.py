"""How the address of a person is shown where others might look."""


def masked(address: str) -> str:
    """Return an address so that its owner knows it, and hardly anybody else."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
