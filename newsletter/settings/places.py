"""Addresses in settings: those of readers, providers, feeds, databases and name servers.

Each check returns the address as the program uses it, or raises a ValueError for the editor.
"""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from newsletter.addresses import mail_address
from newsletter.errors import AudienceError
from newsletter.language import say
from newsletter.net import is_loopback


def check_public_url(value: str) -> str:
    """Return a public web address without a trailing slash, in ASCII."""
    expected = say('expected an address such as "https://news.example.org"')
    parts = _web_parts(value)
    if not parts or not parts.hostname or parts.query or parts.fragment or " " in value:
        raise ValueError(expected)
    if "@" in parts.netloc:
        raise ValueError(
            say("a name and password do not belong here: take them out of the address")
        )
    try:
        host = parts.hostname.encode("ascii").decode()
    except UnicodeEncodeError:
        try:
            host = mail_address(f"x@{parts.hostname}").partition("@")[2]
        except AudienceError as err:
            raise ValueError(expected) from err
    value = value.replace(parts.hostname, host, 1).rstrip("/?#")
    if not re.fullmatch(r"[!-;=?-~]+", value) or "," in value:
        raise ValueError(say("expected an address in plain characters; encode others as %C3%A4"))
    return value


def check_base_url(value: str) -> str:
    """Return the root of an API, over a connection on which nobody can read the key."""
    value = check_public_url(value)
    parts = urlsplit(value)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(
            say("the key would travel where others can read it: write “https://” for “http://”")
        )
    return value


def check_media_url(value: str) -> str:
    """Return where pictures lie, over a connection that mail programs load pictures from."""
    value = check_public_url(value)
    parts = urlsplit(value)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(
            say("mail programs show no picture from there: write “https://” for “http://”")
        )
    return value


def check_store(value: str) -> str:
    """Return a folder, or the place of a store: s3://BUCKET/FOLDER or sftp://USER@HOST/FOLDER."""
    if "://" not in value:
        if not value.strip() or not value.isprintable():
            raise ValueError(
                say("expected a folder, s3://BUCKET/FOLDER or sftp://USER@HOST/FOLDER")
            )
        return value
    return _store_url(value)


def _store_url(value: str) -> str:
    expected = say("expected a folder, s3://BUCKET/FOLDER or sftp://USER@HOST/FOLDER")
    try:
        parts = urlsplit(value)
        is_whole = parts.scheme in ("s3", "sftp") and parts.hostname and parts.port != 0
    except ValueError as err:  # invalid brackets or port
        raise ValueError(expected) from err
    if parts.password is not None:
        raise ValueError(
            say(
                "a password does not belong here; set NEWSLETTER_MEDIA_SECRET or write it into .env"
            )
        )
    names = unquote(parts.path).split("/")
    if not is_whole or parts.query or parts.fragment or not value.isprintable() or " " in value:
        raise ValueError(expected)
    if ".." in names or "." in names:
        raise ValueError(say("the folder is written without “.” and “..”"))
    if parts.scheme == "s3" and ("@" in parts.netloc or parts.port is not None):
        raise ValueError(say("write s3://BUCKET/FOLDER, and the host of the store as endpoint"))
    return value.rstrip("/")


def check_host_key(value: str) -> str:
    """Return the fingerprint by which a server is known, as ssh shows it."""
    if not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", value):
        raise ValueError(say("expected a fingerprint such as “SHA256:...”, as ssh shows it"))
    return value


def check_feed_url(value: str) -> str:
    """Return the address of a public feed."""
    parts = _web_parts(value)
    if not parts:
        raise ValueError(say('expected an address such as "https://www.example.org/feed.xml"'))
    if "@" in parts.netloc:
        raise ValueError(
            say("a password does not belong here; only feeds open to everybody are read")
        )
    return value.strip()


def check_link(value: str) -> str:
    """Return the address of a page that readers may open."""
    parts = _web_parts(value.strip())
    if not parts or "@" in parts.netloc or re.search(r"[\s\"<>\\{}|`^]", value.strip()):
        raise ValueError(say('expected an address such as "https://www.example.org"'))
    return value.strip()


def check_contact(value: str) -> str:
    """Return an address by which somebody is reached, as security.txt writes it (RFC 9116)."""
    if value.startswith("https://"):
        return check_link(value)
    try:
        return f"mailto:{mail_address(value.removeprefix('mailto:'))}"
    except AudienceError as err:
        raise ValueError(
            say('expected an address such as "security@example.org", or of an https page')
        ) from err


def check_font_url(value: str) -> str:
    """Return the address of a file of a typeface, as it may stand in a style sheet."""
    is_plain = re.fullmatch(r"[\w.:/?=&%+,~@-]+", value)
    parts = urlsplit(check_link(value)) if is_plain else urlsplit("")
    is_font = parts.path.lower().endswith((".woff2", ".woff", ".ttf", ".otf"))
    if parts.scheme != "https" or not is_font:
        raise ValueError(
            say('expected a file such as "https://www.example.org/fonts/fraunces.woff2"')
        )
    return value


def check_database_url(value: str) -> str:
    """Return the address of a database without a password, its driver named."""
    if value.startswith("sqlite:///"):
        return value
    if not re.match(r"postgresql(\+psycopg)?://", value):
        raise ValueError(say('expected "sqlite:///PATH" or "postgresql://USER@HOST/DATABASE"'))
    parts = urlsplit(value)
    if parts.password or "password" in parse_qs(parts.query):
        raise ValueError(
            say(
                "a password does not belong here; set NEWSLETTER_DATABASE_PASSWORD in the "
                "environment or in .env"
            )
        )
    return re.sub(r"^postgresql(\+psycopg)?:", "postgresql+psycopg:", value)


def parse_nameserver(value: str) -> tuple[str, int]:
    """Return address and port of "192.0.2.1", "192.0.2.1:5353" or "[2001:db8::1]:53"."""
    match = re.fullmatch(r"(?:\[([\da-fA-F:.]+)\]|([\d.]+))(?::(\d{1,5}))?|([\da-fA-F:.]+)", value)
    try:
        address = str(ip_address((match[1] or match[2] or match[4]) if match else value))
        port = int((match and match[3]) or 53)
    except ValueError:
        port = 0
    if not 0 < port <= 65535:
        raise ValueError(say('expected the address of a name server, such as "192.0.2.1:53"'))
    return address, port


def check_nameserver(value: str) -> str:
    """Return the address of a name server."""
    parse_nameserver(value)
    return value


def parse_listen(value: str) -> tuple[str, int]:
    """Return address and port of "127.0.0.1:9108" or "[::1]:9108"."""
    match = re.fullmatch(r"(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})", value, re.ASCII)
    port = int(match[3]) if match else 65536
    if not match or port > 65535:
        raise ValueError(say('expected an address and a port, such as "127.0.0.1:9108"'))
    return match[1] or match[2], port


def check_listen(value: str) -> str:
    """Return an address of this machine with a port."""
    parse_listen(value)
    return value


def _web_parts(value: str) -> SplitResult | None:
    """Return the parts of a web address; None for anything else."""
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:  # invalid brackets or port
        return None
    return parts if is_web and value.isprintable() else None
