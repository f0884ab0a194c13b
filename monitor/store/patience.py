"""A connection to PostgreSQL that does not wait for a server which has fallen silent.

A server that was ended says so. One whose machine stands still, or to which the way is cut, says nothing at all, and
libpq waits for it for ever: each page and the recorder with it.
"""

from __future__ import annotations

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
        while True:
            try:
                return super().wait(gen, *args, **{**kwargs, "timeout": SILENCE_S})
            except psycopg.errors._WaitTimeout:  # a private name: the tests of a silent server notice its loss
                self._ask_at_the_door()

    def _ask_at_the_door(self) -> None:
        try:
            psycopg.connect(self.info.dsn, password=self.info.password, connect_timeout=DOOR_S).close()
        except psycopg.errors.ConnectionTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {SILENCE_S + DOOR_S:.0f} s") from error
        except psycopg.OperationalError:
            return  # that is an answer


def do_not_wait_for_ever(engine: Engine) -> None:
    """Has `engine`, one of psycopg's, connect like that; and speak UTF-8 where the database has no encoding, as initdb
    makes it on a machine without a locale: psycopg would give bytes in place of text."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, given: Any, named: dict[str, Any]) -> psycopg.Connection[Any]:
        return Impatient.connect(*given, **{"connect_timeout": DOOR_S, "client_encoding": "utf8", **named})
