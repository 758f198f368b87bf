"""Signatures by a certificate, as Amazon SNS makes them."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "1": hashes.SHA1(),  # noqa: S303 - the version that a topic has until it is changed
    "2": hashes.SHA256(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A text, its signature, and the version of the scheme."""

    text: bytes = field(repr=False)
    signature: bytes
    version: str


def is_signed_by(pem: bytes, signed: Signed) -> bool:
    """Return whether a text is signed with the key of a certificate."""
    algorithm = _HASHES.get(signed.version)
    try:
        key = load_pem_x509_certificate(pem).public_key()
        if algorithm is None or not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(signed.signature, signed.text, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
