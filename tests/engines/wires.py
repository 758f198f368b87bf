"""How commands of WebDriver get to an engine: over HTTP, or by Firefox's own door, Marionette."""

import json
import socket
from itertools import count
from types import MappingProxyType
from typing import Any, Protocol

import requests

from tests.engines.windows import RefusedError
from tests.waiting import PATIENCE

# https://www.w3.org/TR/webdriver2/#endpoints, and what Marionette calls the same.
COMMANDS = MappingProxyType(
    {
        "start": ("POST", "", "WebDriver:NewSession"),
        "open": ("POST", "/url", "WebDriver:Navigate"),
        "run": ("POST", "/execute/sync", "WebDriver:ExecuteScript"),
        "act": ("POST", "/actions", "WebDriver:PerformActions"),
        "resize": ("POST", "/window/rect", "WebDriver:SetWindowRect"),
        "picture": ("GET", "/screenshot", "WebDriver:TakeScreenshot"),
        "end": ("DELETE", "", "WebDriver:DeleteSession"),
    }
)


class Wire(Protocol):
    """Carries commands to one session of an engine."""

    def call(self, command: str, **parameters: object) -> Any:
        """Carry out a command and return its value; fail where the engine refuses it."""


class HttpWire:
    """WebDriver as it is written: JSON over HTTP."""

    def __init__(self, port: int) -> None:
        self._driver = f"http://127.0.0.1:{port}/session"
        self._session = ""

    def call(self, command: str, **parameters: object) -> Any:
        """Carry out a command."""
        method, path, _ = COMMANDS[command]
        body = parameters if method == "POST" else None
        url = self._driver + self._session + path
        value = requests.request(method, url, json=body, timeout=PATIENCE).json()["value"]
        if isinstance(value, dict) and "error" in value:
            raise RefusedError(f"{command}: {value['error']}: {value['message']}")
        if command == "start":
            self._session = f"/{value['sessionId']}"
        return value


class MarionetteWire:
    """What geckodriver itself speaks to Firefox: JSON after its length, numbered, over TCP."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._answers = self._socket.makefile("rb")
        self._numbers = count(1)
        self._read()  # it greets

    def call(self, command: str, **parameters: object) -> Any:
        """Carry out a command."""
        message = json.dumps([0, next(self._numbers), COMMANDS[command][2], parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RefusedError(f"{command}: {error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (sign := self._answers.read(1)) != b":":
            assert sign, "Firefox hung up"
            length += sign
        return json.loads(self._answers.read(int(length)))
