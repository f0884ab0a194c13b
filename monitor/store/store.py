"""The database as one thing: `store.lessons`, `store.people`, `store.samples`, `store.classes`, `store.members`,
`store.markers`, `store.alerts`, `store.minutes`, `store.faces`, `store.audit`,
`store.forgetting`, `store.retention`, `store.published`,
`store.consents`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from monitor.store.alerts import Alerts
from monitor.store.audit import Audit
from monitor.store.classes import Classes
from monitor.store.consents import Consents
from monitor.store.engine import migrate, open_engine, session
from monitor.store.faces import Faces
from monitor.store.forgetting import Forgetting
from monitor.store.lessons import Lessons
from monitor.store.markers import Markers
from monitor.store.members import Members
from monitor.store.minutes import Minutes
from monitor.store.people import People
from monitor.store.published import Published
from monitor.store.retention import Retention
from monitor.store.samples import Samples


@dataclass(frozen=True)
class Store:
    """May be used from any thread; each call is one transaction."""

    engine: Engine

    @property
    def lessons(self) -> Lessons:
        return Lessons(self.engine)

    @property
    def people(self) -> People:
        return People(self.engine)

    @property
    def samples(self) -> Samples:
        return Samples(self.engine)

    @property
    def classes(self) -> Classes:
        return Classes(self.engine)

    @property
    def members(self) -> Members:
        return Members(self.engine)

    @property
    def markers(self) -> Markers:
        return Markers(self.engine)

    @property
    def alerts(self) -> Alerts:
        return Alerts(self.engine)

    @property
    def minutes(self) -> Minutes:
        return Minutes(self.engine)

    @property
    def faces(self) -> Faces:
        return Faces(self.engine)

    @property
    def audit(self) -> Audit:
        return Audit(self.engine)

    @property
    def forgetting(self) -> Forgetting:
        return Forgetting(self.engine)

    @property
    def retention(self) -> Retention:
        return Retention(self.engine)

    @property
    def published(self) -> Published:
        return Published(self.engine)

    @property
    def consents(self) -> Consents:
        return Consents(self.engine)

    def answers(self) -> None:
        """Raises StoreUnavailable when the database does not."""
        with session(self.engine) as opened:
            opened.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, patience: float = 5.0) -> Store:
    """Opens the database at an SQLAlchemy `url` and brings its tables up to date. Raises StoreError."""
    engine = open_engine(url, patience)
    migrate(engine)
    return Store(engine)
