"""Puts pictures on a server by SFTP, whose key is known beforehand."""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from newsletter.errors import HostingError
from newsletter.language import Wording, reason_of_network, say
from newsletter.media.stores import FOLDER, Store, Target

_PATIENCE = 20.0  # seconds to connect and log in
_SLOWEST = 60.0  # seconds for one picture
_FOR_ALL = 0o644  # the web server reads them as somebody else
_T = TypeVar("_T")


class SftpStore(Store):
    """A folder of a server."""

    def __init__(self, target: Target, library: Any) -> None:
        self._library, self._target = library, target
        self._parts = urlsplit(target.to)
        self._folder = f"{unquote(self._parts.path).lstrip('/')}/{FOLDER}".lstrip("/")
        if self._parts.path.startswith("//"):  # from the root of the server, as in sftp's own URLs
            self._folder = f"/{self._folder}"
        self._loop = asyncio.new_event_loop()
        self._seen = ""  # fingerprint of the server's key
        try:
            self._connection, self._files = self._run(self._open(), _PATIENCE)
        except library.SFTPError as err:
            self._loop.close()
            raise self._refusal(err) from err
        except BaseException:
            self._loop.close()
            raise

    def _ask(self, name: str) -> int | None:
        path = f"{self._folder}/{name}"
        try:
            size: int | None = self._run(self._size_of(path), _SLOWEST)
        except self._library.SFTPError as err:
            raise self._refusal(err) from err
        return size

    def _write(self, name: str, data: bytes, media_type: str) -> None:
        del media_type  # a web server knows it by the name
        try:
            self._run(self._put(name, data), _SLOWEST)
        except self._library.SFTPError as err:
            raise self._refusal(err) from err

    def close(self) -> None:
        """Say good-bye."""
        with suppress(Exception):  # whoever hung up first, nothing is open afterwards
            self._run(self._leave(), _PATIENCE)
        self._loop.close()

    async def _leave(self) -> None:
        self._files.exit()
        self._connection.close()
        await self._connection.wait_closed()

    async def _open(self) -> tuple[Any, Any]:
        host = str(self._parts.hostname)
        options: dict[str, Any] = {"known_hosts": b"", "config": None, "x509_trusted_certs": None}
        if self._target.secret:
            options["password"] = self._target.secret
        if self._target.key_file:
            options["client_keys"] = [str(Path(self._target.key_file).expanduser())]
        connection, _ = await self._library.create_connection(
            self._client(), host, self._parts.port or 22, username=self._user(), **options
        )
        try:
            files = await connection.start_sftp_client()
            await files.makedirs(self._folder, exist_ok=True)
        except BaseException:
            connection.close()
            await connection.wait_closed()
            raise
        return connection, files

    def _user(self) -> str:
        user = unquote(self._parts.username or "")
        if not user:
            raise HostingError(say("[media] to names no user: write sftp://USER@HOST/FOLDER"))
        return user

    def _client(self) -> Any:
        """Return what decides whether the server's key is the one that is pinned."""

        def is_pinned(_client: Any, host: str, addr: str, port: int, key: Any) -> bool:
            del host, addr, port
            self._seen = str(key.get_fingerprint())
            return self._seen == self._target.host_key

        own = {"validate_host_public_key": is_pinned}
        return type("Client", (self._library.SSHClient,), own)

    async def _size_of(self, path: str) -> int | None:
        try:
            found = await self._files.stat(path)
        except self._library.SFTPNoSuchFile:
            return None
        return int(found.size or 0)

    async def _put(self, name: str, data: bytes) -> None:
        """Write a file beside, then give it its name."""
        part = f"{self._folder}/.{name}.{os.urandom(4).hex()}.part"
        try:
            async with self._files.open(part, "wb") as file:
                await file.write(data)
            await self._files.chmod(part, _FOR_ALL)
            try:
                await self._files.posix_rename(part, f"{self._folder}/{name}")
            except self._library.SFTPOpUnsupported:  # it may stand there from before
                with suppress(self._library.SFTPError):
                    await self._files.remove(f"{self._folder}/{name}")
                await self._files.rename(part, f"{self._folder}/{name}")
        except BaseException:
            with suppress(self._library.SFTPError, OSError):
                await self._files.remove(part)
            raise

    def _run(self, task: Coroutine[Any, Any, _T], seconds: float) -> _T:
        """Wait for a step; raise HostingError in words where the server is at fault."""
        try:
            return self._loop.run_until_complete(asyncio.wait_for(task, seconds))
        except self._library.SFTPError:
            raise
        except TimeoutError as err:
            raise self._fault(say("no answer"), self._usual_cure()) from err
        except (self._library.Error, OSError, ValueError) as err:
            raise self._fault_of(err) from err

    def _fault_of(self, err: Exception) -> HostingError:
        if isinstance(err, self._library.HostKeyNotVerifiable):
            return self._unknown_host()
        if isinstance(err, self._library.PermissionDenied):
            cure = say("check the user in [media] to, and NEWSLETTER_MEDIA_SECRET or key_file")
            return self._fault(say("it lets nobody in by that"), cure)
        return self._fault(reason_of_network(str(err) or type(err).__name__), self._usual_cure())

    def _unknown_host(self) -> HostingError:
        if not self._target.host_key:
            return HostingError(
                say(
                    "{place} shows the key {seen}; ask whoever runs it whether that is its "
                    "own, then write host_key = “{seen}” under [media]",
                    place=self._place,
                    seen=self._seen,
                )
            )
        return HostingError(
            say(
                "{place} shows the key {seen}, not {pinned}: it is another server, or its key was "
                "changed; nothing was sent to it",
                place=self._place,
                seen=self._seen,
                pinned=self._target.host_key,
            )
        )

    def _refusal(self, err: Exception) -> HostingError:
        return self._fault(reason_of_network(str(err)), say("see whether the user may write there"))

    def _usual_cure(self) -> Wording:
        return say("check [media] to in newsletter.toml")

    def _fault(self, reason: str, cure: Wording) -> HostingError:
        return HostingError(
            say(
                "{place} does not take pictures: {reason}; {cure}",
                place=self._place,
                reason=reason,
                cure=cure,
            )
        )

    @property
    def _place(self) -> str:
        return self._target.to


def open_place(target: Target) -> Store:
    """Log in; raise HostingError if that cannot be, or the server is not the one that is pinned."""
    try:
        library = import_module("asyncssh")  # only here: it belongs to an extra that few need
    except ImportError as err:
        fault = say('pictures for an SFTP server need asyncssh: pip install "./newsletter[sftp]"')
        raise HostingError(fault) from err
    return SftpStore(target, library)
