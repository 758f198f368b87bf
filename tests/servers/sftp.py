"""Play an SFTP server on loopback, in a thread: one user, by password or key, and one folder."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self

import asyncssh

USER, PASSWORD = "kirje", "hush-hush-hush"


class _Door(asyncssh.SSHServer):
    """Lets the one user in."""

    def __init__(self, server: "SftpServer") -> None:
        self._server = server

    def password_auth_supported(self) -> bool:
        """Take passwords."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Note each try, and let one in."""
        self._server.tries.append((username, password))
        return (username, password) == (USER, PASSWORD)


class SftpServer:
    """Serves a folder until it is stopped; `renames` says whether it knows posix-rename."""

    def __init__(self, folder: Path, *, renames: bool = True, authorized: str = "") -> None:
        self.folder, self.renames, self.authorized = folder, renames, authorized
        self.tries: list[tuple[str, str]] = []  # to log in
        self.renamed: list[tuple[str, str]] = []
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def fingerprint(self) -> str:
        """Return that of its key."""
        return str(self.key.get_fingerprint())

    def __enter__(self) -> Self:
        self._thread.start()
        self._acceptor = self._do(self._listen())
        self.port = self._acceptor.get_port()
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        self._acceptor.close()  # in the loop's own thread: a connection may end just now
        await self._acceptor.wait_closed()

    async def _listen(self) -> asyncssh.SSHAcceptor:
        server = self

        class Files(asyncssh.SFTPServer):
            def __init__(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
                super().__init__(chan, chroot=os.fsencode(server.folder))

            def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
                """Rename, if it is a server that knows how."""
                if not server.renames:
                    raise asyncssh.SFTPOpUnsupported("no posix-rename")
                server.renamed.append((oldpath.decode(), newpath.decode()))
                super().posix_rename(oldpath, newpath)

        options = {}
        if self.authorized:
            options["authorized_client_keys"] = asyncssh.import_authorized_keys(self.authorized)
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.key],
            server_factory=lambda: _Door(self),
            sftp_factory=Files,
            **options,
        )

    def _do(self, task: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(task, self._loop).result(60)
