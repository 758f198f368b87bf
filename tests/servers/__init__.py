"""Test servers that speak the wire formats of mail providers on loopback."""
