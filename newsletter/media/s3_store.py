"""Puts pictures into a bucket of Amazon S3, or of any store that speaks as it does."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from newsletter.errors import HostingError
from newsletter.language import reason_of_network, say
from newsletter.media.stores import FOLDER, Store, Target

_KEPT = "public, max-age=31536000, immutable"  # a name never stands for other bytes
_TRIES, _PATIENCE = 2, timedelta(seconds=60)


class S3Store(Store):
    """A folder of a bucket."""

    def __init__(self, library: Any, store: Any, place: str) -> None:
        self._library, self._store, self._place = library, store, place

    def _ask(self, name: str) -> int | None:
        try:
            return int(self._library.head(self._store, f"{FOLDER}/{name}")["size"])
        except FileNotFoundError:
            return None
        except (self._library.exceptions.BaseError, ValueError, KeyError, TypeError) as err:
            raise self._refusal(err) from err

    def _write(self, name: str, data: bytes, media_type: str) -> None:
        """Put an object in one call: a store shows it whole, or not at all."""
        told = {"Content-Type": media_type, "Cache-Control": _KEPT}
        try:
            self._library.put(
                self._store, f"{FOLDER}/{name}", data, attributes=told, use_multipart=False
            )
        except (self._library.exceptions.BaseError, ValueError, FileNotFoundError) as err:
            raise self._refusal(err) from err

    def _refusal(self, err: Exception) -> HostingError:
        denied = ("PermissionDeniedError", "UnauthenticatedError")
        if type(err).__name__ in denied:
            cure = say("check NEWSLETTER_MEDIA_SECRET (ID:SECRET), and that it may write there")
        elif isinstance(err, FileNotFoundError):
            cure = say("make the bucket, or mend its name in [media] to")
        else:
            cure = say("check to, endpoint and region under [media]")
        words = " ".join(str(err).split("\n\nDebug")[0].split())[:200]
        return HostingError(
            say(
                "{place} does not take pictures: {reason}; {cure}",
                place=self._place,
                reason=reason_of_network(words),
                cure=cure,
            )
        )


def open_place(target: Target) -> Store:
    """Return the folder of the bucket; raise HostingError if the library or the key is missing."""
    try:
        # Looked for only here: obstore belongs to the extra `s3`, which few need.
        library, stores = import_module("obstore"), import_module("obstore.store")
    except ImportError as err:
        fault = say('pictures for an S3 store need obstore: pip install "./newsletter[s3]"')
        raise HostingError(fault) from err
    key, colon, secret = target.secret.partition(":")
    if not (key and colon and secret):
        raise HostingError(say("NEWSLETTER_MEDIA_SECRET must be ID:SECRET for an S3 store"))
    parts = urlsplit(target.to)
    config: dict[str, Any] = {"region": target.region, "access_key_id": key}
    config |= {"secret_access_key": secret}
    if target.endpoint:
        config["endpoint"] = target.endpoint
    store = stores.S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": True, "timeout": _PATIENCE},  # the endpoint was checked
        retry_config={"max_retries": _TRIES, "retry_timeout": _PATIENCE},
    )
    return S3Store(library, store, target.to)
