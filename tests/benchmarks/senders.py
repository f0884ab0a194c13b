"""A process of load senders: `python -m tests.benchmarks.senders ADDRESS CODE TOKEN FIRST COUNT FPS`.

Each stands for a student. Prints a line of JSON when all were answered and another one at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from aiortc import RTCPeerConnection, RTCSessionDescription

from tests.benchmarks.sending import Film, encoded, offered
from tests.browser import camera

SPREAD_S = 0.02
AGAIN_S = 3.0


@dataclass
class Group:
    """Senders of one process."""

    address: str
    code: str
    token: str
    film: Film
    empty: Film
    empty_every: int = 0
    called: str = "Student"
    open: list[RTCPeerConnection] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    async def join(self, client: httpx.AsyncClient, number: int) -> None:
        """Frames of different students come at different moments, as they do in a class."""
        film = self.empty if shows_nobody(number, self.empty_every) else self.film
        connection, offer = await offered(film, late_s=number * 0.618 % 1 / self.film.fps)
        try:
            answer = await client.post(
                f"{self.address}/whip/{self.code}",
                params={"student": self.name(number)},
                content=offer,
                headers={**self._own(), "content-type": "application/sdp"},
            )
        except httpx.HTTPError as error:
            self.statuses[type(error).__name__] += 1
            await connection.close()
            return
        self.statuses[str(answer.status_code)] += 1
        if answer.status_code != 201:
            self.refused.append(number)
            await connection.close()
            return
        await connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        self.open.append(connection)
        self.places.append(answer.headers["location"])

    def name(self, number: int) -> str:
        return f"{self.called} {number}"

    async def leave(self, client: httpx.AsyncClient) -> None:
        for place in self.places:
            with suppress(httpx.HTTPError):  # a server that was stopped has ended it
                await client.delete(f"{self.address}{place}", headers=self._own())
        for connection in self.open:
            await connection.close()

    def _own(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


def shows_nobody(number: int, empty_every: int) -> bool:
    """So that a sample which counts for another student is noticed."""
    return bool(empty_every) and number % empty_every == empty_every - 1


async def ask_again(group: Group, client: httpx.AsyncClient, patience_s: float) -> None:
    """As a student does who reads that the server is full just now."""
    end = time.monotonic() + patience_s
    while group.refused and time.monotonic() < end:
        await asyncio.sleep(AGAIN_S)
        refused, group.refused = group.refused, []
        for number in refused:
            await group.join(client, number)


async def play(group: Group, first: int, count: int, seconds: float, apart_s: float, patience_s: float) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        for number in range(first, first + count):
            await group.join(client, number)
            await asyncio.sleep(apart_s)
        await ask_again(group, client, patience_s)
        say(group)
        loop = asyncio.get_running_loop()
        if seconds:
            await asyncio.sleep(seconds)
        else:
            await loop.run_in_executor(None, sys.stdin.readline)  # until it is told to end
        states = Counter(one.connectionState for one in group.open)
        await group.leave(client)
        say(group, states=states)


def say(group: Group, **more: object) -> None:
    print(
        json.dumps({"statuses": group.statuses, "refused": len(group.refused), "sending": len(group.open), **more}),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("address", "code", "token"):
        parser.add_argument(name)
    for name in ("first", "count", "fps"):
        parser.add_argument(name, type=int)
    parser.add_argument("--seconds", type=float, default=0.0, help="0: until a line comes on standard input")
    parser.add_argument("--apart", type=float, default=SPREAD_S, help="seconds from one sender to the next")
    parser.add_argument("--empty-every", type=int, default=0, help="every so many shows an empty room; 0: none")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds in which who is refused asks again")
    parser.add_argument("--called", default="Student", help="the name before each number")
    wanted = parser.parse_args()
    film = encoded(camera.face(6), wanted.fps)
    empty = encoded(camera.nobody(2), wanted.fps)
    group = Group(wanted.address, wanted.code, wanted.token, film, empty, wanted.empty_every, wanted.called)
    asyncio.run(play(group, wanted.first, wanted.count, wanted.seconds, wanted.apart, wanted.patience))


if __name__ == "__main__":
    main()
