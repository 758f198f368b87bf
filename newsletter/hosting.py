"""Settings + pictures of mails -> pictures where readers load them from, or the cure."""

from collections.abc import Iterable, Mapping

from newsletter.errors import ConfigError, HostingError
from newsletter.gateway import is_rehearsal
from newsletter.language import Wording, say, say_list, say_many
from newsletter.lookout import open_ways
from newsletter.media import Pushed, Target, find_missing, open_store, push_pictures
from newsletter.model import Edition, Picture
from newsletter.press import picture_files
from newsletter.settings import Settings, find_secret

_SECRET = "NEWSLETTER_MEDIA_SECRET"  # noqa: S105 - the name of the variable
_SHOWN = 3  # pictures that are named


def publish_pictures(settings: Settings, editions: Iterable[Edition]) -> None:
    """See that each picture of a mail lies where its readers will load it from.

    Where [media] says how, they are put there. Raise HostingError for one that is not there: nobody
    is mailed before that is mended.
    """
    if is_rehearsal(settings) or not settings.newsletter.media_url:
        return
    pictures = pictures_in(editions)
    if not pictures:
        return
    if settings.media.to:
        put_pictures(settings, pictures)
    verify_pictures(settings, pictures)


def pictures_in(editions: Iterable[Edition]) -> dict[str, Picture]:
    """Return the pictures that lie on the web, by file name."""
    found: dict[str, Picture] = {}
    for edition in editions:
        if edition.hosted:
            found |= picture_files(edition)
    return found


def put_pictures(settings: Settings, pictures: Mapping[str, Picture]) -> Pushed:
    """Put pictures where [media] says; raise HostingError if that cannot be."""
    with open_store(_target(settings)) as store:
        return push_pictures(pictures, store)


def verify_pictures(settings: Settings, pictures: Mapping[str, Picture]) -> None:
    """Raise HostingError if a picture is not found below media_url."""
    _, network = open_ways(settings)
    missing = find_missing(pictures, settings.newsletter.media_url or "", network)
    if not missing:
        return
    named = say_list(
        [say("{url}: {reason}", url=one.url, reason=one.reason) for one in missing[:_SHOWN]],
        "; ",
    )
    raise HostingError(
        say_many(
            "{n} picture is not where readers would load it from: {named}; {cure}",
            "{n:,} pictures are not where readers would load them from: {named}; {cure}",
            n=len(missing),
            named=named,
            cure=_cure(settings),
        )
    )


def _cure(settings: Settings) -> Wording:
    if settings.media.to:
        return say(
            "see that what lies in {place} is shown at {url}",
            place=settings.media.to,
            url=settings.newsletter.media_url or "",
        )
    return say(
        "copy the folder pictures/ that “newsletter build” writes to {url}, or say under [media] "
        "where “newsletter media push” may put it",
        url=settings.newsletter.media_url or "",
    )


def _target(settings: Settings) -> Target:
    table = settings.media
    if not table.to:
        raise ConfigError(
            say(
                "[media] to is not set: write there a folder, s3://BUCKET/FOLDER or sftp://USER@HOST/FOLDER"
            )
        )
    secret = find_secret(settings.root, _SECRET)
    return Target(
        to=table.to,
        root=settings.root,
        endpoint=table.endpoint or "",
        region=table.region,
        host_key=table.host_key or "",
        key_file=table.key_file or "",
        secret=secret.reveal() if secret else "",
    )
