"""A bad way between two machines: one is this, the other a network namespace of its own.

It does what `tc netem` does, without its kernel module, which not every machine has: two TUN devices, between which a
thread of ours hands on each packet, late, or not at all. Needs root, iproute2 and /dev/net/tun.
"""

from __future__ import annotations

import fcntl
import heapq
import itertools
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TUNSETIFF, TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
HERE, NET = "10.77.0.1", "10.77.0"
LARGEST_PACKET = 65536


class Wire:
    """`loss` is a share of the packets, `delay_s` is added each way; both may be changed at any time."""

    def __init__(self, namespace: str, here: int, there: int) -> None:
        self.namespace, self.loss, self.delay_s, self.cut = namespace, 0.0, 0.0, False
        self.passed = self.lost = 0
        self._ends = {here: there, there: here}
        self._late: list[tuple[float, int, int, bytes]] = []
        self._numbers, self._chance = itertools.count(), random.Random(7)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def move(self, number: int) -> None:
        """The machine at the other end has another address from now on, as a telephone that leaves the building."""
        device = f"{self.namespace}b"
        run("ip", "-n", self.namespace, "addr", "flush", "dev", device)
        run("ip", "-n", self.namespace, "addr", "add", f"{NET}.{number}/24", "dev", device)

    def _run(self) -> None:
        while not self._over.is_set():
            due = self._late[0][0] - time.monotonic() if self._late else 0.05
            ready, _, _ = select.select(list(self._ends), [], [], max(0.0, min(due, 0.05)))
            for end in ready:
                self._take(os.read(end, LARGEST_PACKET), self._ends[end])
            while self._late and self._late[0][0] <= time.monotonic():
                _, _, end, packet = heapq.heappop(self._late)
                with suppress(OSError):  # the device is down
                    os.write(end, packet)

    def _take(self, packet: bytes, to: int) -> None:
        if self.cut or self._chance.random() < self.loss:
            self.lost += 1
            return
        self.passed += 1
        heapq.heappush(self._late, (time.monotonic() + self.delay_s, next(self._numbers), to, packet))


def why_not() -> str:
    """Why no wire can be made here; empty if one can."""
    if os.geteuid() != 0 or not Path("/dev/net/tun").exists():
        return "a network namespace takes root and /dev/net/tun"
    return "" if shutil.which("ip") else "no `ip` was found; on Debian `apt-get install iproute2`"


@contextmanager
def wire(namespace: str) -> Iterator[Wire]:
    """`namespace`: a name of four letters that no other has. This machine is `HERE` for it, and it `NET`.2."""
    here, there = f"{namespace}a", f"{namespace}b"
    run("ip", "netns", "add", namespace)
    ends = [_tun(here), _tun(there)]
    try:
        run("ip", "addr", "add", f"{HERE}/24", "dev", here)
        run("ip", "link", "set", here, "up")
        run("ip", "link", "set", there, "netns", namespace)
        for words in (("addr", "add", f"{NET}.2/24", "dev", there), ("link", "set", there, "up")):
            run("ip", "-n", namespace, *words)
        run("ip", "-n", namespace, "link", "set", "lo", "up")
        made = Wire(namespace, *ends)
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        for end in ends:
            os.close(end)
        run("ip", "netns", "del", namespace)


def inside(namespace: str, program: Path, folder: Path) -> Path:
    """A program that runs another one in the namespace."""
    script = folder / f"{program.name}-in-{namespace}"
    script.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} "{program}" "$@"\n')
    script.chmod(0o755)
    return script


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _tun(name: str) -> int:
    opened = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(opened, TUNSETIFF, struct.pack("16sH22x", name.encode(), TUN_WITHOUT_HEADER))
    return opened
