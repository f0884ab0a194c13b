"""The database as one thing: `store.lessons`, `store.people`, `store.samples`, `store.classes`, `store.members`,
`store.markers`, `store.alerts`, `store.minutes`, `store.faces`, `store.audit`, `store.forgetting`, `store.retention`,
`store.published`, `store.accounts`, `store.sign_ins`, `store.statements`, `store.ownership`, `store.backup`,
`store.consents`, `store.own`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine, text

from monitor.store.accounts import Accounts
from monitor.store.alerts import Alerts
from monitor.store.audit import Audit
from monitor.store.backup import Backup
from monitor.store.classes import Classes
from monitor.store.consents import Consents
from monitor.store.engine import migrate, open_engine, session
from monitor.store.faces import Faces
from monitor.store.forgetting import Forgetting
from monitor.store.lessons import Lessons
from monitor.store.markers import Markers
from monitor.store.members import Members
from monitor.store.minutes import Minutes
from monitor.store.own import Own
from monitor.store.ownership import Ownership
from monitor.store.people import People
from monitor.store.published import Published
from monitor.store.retention import Retention
from monitor.store.samples import Samples
from monitor.store.sign_ins import SignIns
from monitor.store.statements import Statements

Room = TypeVar("Room")


@dataclass(frozen=True)
class Store:
    """May be used from any thread; each call is one transaction."""

    engine: Engine

    @property
    def lessons(self) -> Lessons:
        return self._room(Lessons(self.engine))

    @property
    def people(self) -> People:
        return self._room(People(self.engine))

    @property
    def samples(self) -> Samples:
        return self._room(Samples(self.engine))

    @property
    def classes(self) -> Classes:
        return self._room(Classes(self.engine))

    @property
    def members(self) -> Members:
        return self._room(Members(self.engine))

    @property
    def markers(self) -> Markers:
        return self._room(Markers(self.engine))

    @property
    def alerts(self) -> Alerts:
        return self._room(Alerts(self.engine))

    @property
    def minutes(self) -> Minutes:
        return self._room(Minutes(self.engine))

    @property
    def faces(self) -> Faces:
        return self._room(Faces(self.engine))

    @property
    def audit(self) -> Audit:
        return self._room(Audit(self.engine))

    @property
    def forgetting(self) -> Forgetting:
        return self._room(Forgetting(self.engine))

    @property
    def retention(self) -> Retention:
        return self._room(Retention(self.engine))

    @property
    def published(self) -> Published:
        return self._room(Published(self.engine))

    @property
    def consents(self) -> Consents:
        return self._room(Consents(self.engine))

    @property
    def accounts(self) -> Accounts:
        return self._room(Accounts(self.engine))

    @property
    def sign_ins(self) -> SignIns:
        return self._room(SignIns(self.engine))

    @property
    def statements(self) -> Statements:
        return self._room(Statements(self.engine))

    @property
    def ownership(self) -> Ownership:
        return self._room(Ownership(self.engine))

    @property
    def own(self) -> Own:
        return self._room(Own(self.engine))

    def _room(self, room: Room) -> Room:
        """As it is; `Seen` has somebody stand before it."""
        return room

    @property
    def backup(self) -> Backup:
        return self._room(Backup(self.engine))

    def answers(self) -> None:
        """Raises StoreUnavailable when the database does not."""
        with session(self.engine) as opened:
            opened.execute(text("SELECT 1"))

    def writes(self) -> None:
        """Raises StoreUnavailable when the database takes no new row, as on a full disk. Leaves nothing behind.

        In the table of the version, as it is nobody's; a row that is taken out again before the transaction ends makes
        the database write all the same, which an update to the same value does not.
        """
        with session(self.engine) as opened:
            opened.execute(text("INSERT INTO alembic_version (version_num) VALUES ('can it be written?')"))
            opened.execute(text("DELETE FROM alembic_version WHERE version_num = 'can it be written?'"))

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, patience: float = 5.0) -> Store:
    """Opens the database at an SQLAlchemy `url` and brings its tables up to date. Raises StoreError."""
    engine = open_engine(url, patience)
    migrate(engine)
    return Store(engine)
