"""A light client that asks a server much at once, in a process of its own; see `Wave`.

python -m tests.benchmarks.wave PORT REQUESTS CONNECTIONS SECONDS RATE

REQUESTS is a file of JSON: a list of [weight, [request, ...]], each request a text of latin-1. It
prints JSON: how many were answered with which status, how long the answers took, and what failed.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Found:
    """What came of a wave."""

    statuses: Counter[str] = field(default_factory=Counter)  # kind of request and status
    latencies: list[float] = field(default_factory=list)  # seconds, from when it was due
    failed: int = 0  # connections that broke
    asked: Counter[str] = field(default_factory=Counter)


class _Caller(asyncio.Protocol):
    """One connection: asks, waits for the answer, asks again."""

    def __init__(self, wave: "Wave") -> None:
        self._wave = wave
        self._waiting = b""
        self._kind = ""
        self._due = 0.0
        self.is_idle = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def ask(self, kind: str, request: bytes, due: float) -> None:
        self.is_idle, self._kind, self._due = False, kind, due
        self._wave.found.asked[kind] += 1
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        end = self._waiting.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._waiting[:end].lower()
        at = head.find(b"content-length: ")
        length = int(head[at + 16 :].split(b"\r", 1)[0]) if at >= 0 else 0
        if len(self._waiting) < end + 4 + length:
            return
        found = self._wave.found
        found.latencies.append(time.perf_counter() - self._due)
        found.statuses[f"{self._kind} {head[9:12].decode()}"] += 1
        self._waiting, self.is_idle = b"", True
        self._wave.answered(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_idle:
            self._wave.found.failed += 1
        self._wave.lost(self)


class Wave:
    """So many connections that ask as fast as they are answered, or at a rate."""

    def __init__(self, requests: list[tuple[float, str, list[bytes]]], seconds: float) -> None:
        self._choices = [(kind, which) for _, kind, which in requests]
        self._weights = [weight for weight, _, _ in requests]
        self._random = random.Random(1)
        self._until = time.perf_counter() + seconds
        self._idle: list[_Caller] = []
        self._open = 0
        self._is_closed_loop = True
        self.found = Found()

    async def run(self, port: int, connections: int, rate: float) -> Found:
        loop = asyncio.get_running_loop()
        self._is_closed_loop = rate <= 0
        callers = []
        for _ in range(connections):
            _, caller = await loop.create_connection(lambda: _Caller(self), "127.0.0.1", port)
            callers.append(caller)
        self._open = len(callers)
        if self._is_closed_loop:
            for caller in callers:
                self.answered(caller)
        else:
            self._idle = callers
            await self._at(rate)
        while self._open and time.perf_counter() < self._until + 20:
            await asyncio.sleep(0.02)
        return self.found

    async def _at(self, rate: float) -> None:
        begun, count = time.perf_counter(), 0
        while (now := time.perf_counter()) < self._until and self._open:
            while begun + count / rate <= now and self._idle:
                self._ask(self._idle.pop(), begun + count / rate)
                count += 1
            await asyncio.sleep(0.001)
        for caller in self._idle:
            caller.transport.close()

    def _ask(self, caller: _Caller, due: float) -> None:
        [(kind, which)] = self._random.choices(self._choices, self._weights)
        number = self.found.asked[kind] % len(which)  # each once, as far as they go
        caller.ask(kind, which[number], due)

    def answered(self, caller: _Caller) -> None:
        now = time.perf_counter()
        if now >= self._until:
            caller.transport.close()
        elif self._is_closed_loop:
            self._ask(caller, now)
        else:
            self._idle.append(caller)

    def lost(self, caller: _Caller) -> None:
        self._open -= 1
        if caller in self._idle:
            self._idle.remove(caller)


def main(port: str, file: str, connections: str, seconds: str, rate: str) -> None:
    """Ask, and print what came of it."""
    read = json.loads(Path(file).read_text(encoding="utf-8"))
    requests = [
        (weight, kind, [r.encode("latin-1") for r in which]) for weight, kind, which in read
    ]
    begun, used = time.perf_counter(), time.process_time()
    wave = Wave(requests, float(seconds))
    found = asyncio.run(wave.run(int(port), int(connections), float(rate)))
    took = sorted(found.latencies)
    told = {
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - used,
        "answered": len(took),
        "asked": found.asked,
        "statuses": found.statuses,
        "failed": found.failed,
        "p50": took[len(took) // 2] if took else None,
        "p99": took[int(len(took) * 0.99)] if took else None,
        "longest": took[-1] if took else None,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
