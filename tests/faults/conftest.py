from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.missing import missing
from tests.postgres import FAITHFUL, Postgres, programs, running


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    where = programs()
    if where is None:
        missing("no PostgreSQL was found; on Debian `apt-get install postgresql`")
    with running(where, FAITHFUL) as server:
        yield server
