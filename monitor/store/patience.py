"""A connection to PostgreSQL that does not wait for a server which has fallen silent.

A server that was ended says so. One whose machine stands still, or to which the way is cut, says nothing at all, and
libpq waits for it for ever: each page and the recorder with it.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

Result = TypeVar("Result")
# psycopg takes no less than two for a connection.
SILENCE_S, DOOR_S = 2.0, 3


class Impatient(psycopg.Connection[Any]):
    """After two seconds without an answer it asks anew at the server's door: where nobody opens for three, it gives up
    with an OperationalError. A server that opens, or says that it is full, lives and is only slow."""

    def wait(self, gen: PQGen[Result], *args: Any, **kwargs: Any) -> Result:
        return super().wait(self._while_it_lives(gen), *args, **kwargs)

    def _while_it_lives(self, gen: PQGen[Result]) -> Generator[Any, Any, Result]:
        """Steps through what psycopg waits for; it is woken ten times a second."""
        asked_at = time.monotonic()
        try:
            waits = next(gen)
            while True:
                ready = yield waits
                if not ready and time.monotonic() - asked_at > SILENCE_S:
                    self._ask_at_the_door()
                    asked_at = time.monotonic()
                waits = gen.send(ready)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _ask_at_the_door(self) -> None:
        try:
            psycopg.connect(self.info.dsn, password=self.info.password, connect_timeout=DOOR_S).close()
        except psycopg.errors.ConnectionTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {SILENCE_S + DOOR_S:.0f} s") from error
        except psycopg.OperationalError:
            return  # that is an answer


def do_not_wait_for_ever(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, given: Any, named: dict[str, Any]) -> psycopg.Connection[Any]:
        return Impatient.connect(*given, **{"connect_timeout": DOOR_S, **named})
