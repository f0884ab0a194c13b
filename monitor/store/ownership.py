"""To whom classes and lessons belong, with whom they are shared, and how each stands to an account."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, delete, select, update

from monitor.people.accounts import Account
from monitor.people.rights import Standing
from monitor.store.classes import class_key
from monitor.store.engine import session
from monitor.store.sign_ins import account
from monitor.store.tables import ClassRow, LessonRow, RuleRow
from monitor.store.trust_tables import AccountRow, ShareRow


@dataclass(frozen=True)
class Share:
    account: Account
    edit: bool


@dataclass(frozen=True)
class Belonging:
    """A lesson without what happened in it. `owner`: the account's name, None for nobody's."""

    lesson_id: int
    title: str
    started_at: datetime
    running: bool
    owner: str | None


@dataclass(frozen=True)
class Ownership:
    engine: Engine

    def lessons(self, account_id: int, ids: Collection[int] | None = None) -> dict[int, Standing]:
        """How these lessons, or all there are, stand to an account; one that does not exist is left out."""
        share = _share(account_id)
        query = (
            select(LessonRow.id, LessonRow.owner_id, ClassRow.owner_id, share.c.edit)
            .outerjoin(ClassRow, ClassRow.id == LessonRow.class_id)
            .outerjoin(share, share.c.class_id == LessonRow.class_id)
        )
        return self._standings(query if ids is None else query.where(LessonRow.id.in_(ids)), account_id)

    def classes(self, account_id: int, ids: Collection[int] | None = None) -> dict[int, Standing]:
        share = _share(account_id)
        query = select(ClassRow.id, ClassRow.owner_id, ClassRow.owner_id, share.c.edit).outerjoin(
            share, share.c.class_id == ClassRow.id
        )
        return self._standings(query if ids is None else query.where(ClassRow.id.in_(ids)), account_id)

    def _standings(self, query: Select[Any], account_id: int) -> dict[int, Standing]:
        with session(self.engine) as opened:
            return {row[0]: _standing(row, account_id) for row in opened.execute(query)}

    def share(self, class_id: int, account_id: int, edit: bool) -> None:
        """To read or to edit; sharing again changes which."""
        with session(self.engine) as opened:
            opened.merge(ShareRow(class_id=class_id, account_id=account_id, edit=edit))

    def unshare(self, class_id: int, account_id: int) -> None:
        gone = (ShareRow.class_id == class_id, ShareRow.account_id == account_id)
        with session(self.engine) as opened:
            opened.execute(delete(ShareRow).where(*gone))

    def shares(self, class_id: int) -> tuple[Share, ...]:
        """By name."""
        query = select(AccountRow, ShareRow.edit).join(ShareRow).where(ShareRow.class_id == class_id)
        with session(self.engine) as opened:
            rows = opened.execute(query.order_by(AccountRow.name_key)).all()
        return tuple(Share(account(row), edit) for row, edit in rows)

    def all(self) -> tuple[Belonging, ...]:
        """Every lesson, the newest first, with whose it is and nothing of what it says."""
        query = (
            select(LessonRow.id, LessonRow.title, LessonRow.started_at, LessonRow.ended_at, AccountRow.name)
            .outerjoin(AccountRow, AccountRow.id == LessonRow.owner_id)
            .order_by(LessonRow.started_at.desc())
        )
        with session(self.engine) as opened:
            rows = opened.execute(query).all()
        return tuple(Belonging(key, title, start, end is None, owner) for key, title, start, end, owner in rows)

    def take_nobodys(self, account_id: int) -> None:
        """All classes, lessons and rules that belong to nobody are this account's, as after the first set-up."""
        with session(self.engine) as opened:
            opened.execute(update(LessonRow).where(LessonRow.owner_id.is_(None)).values(owner_id=account_id))
            opened.execute(update(RuleRow).where(RuleRow.owner_id.is_(None)).values(owner_id=account_id))
            for row in opened.scalars(select(ClassRow).where(ClassRow.owner_id.is_(None))):
                row.owner_id, row.name_key = account_id, class_key(row.name, account_id)


def _share(account_id: int) -> Any:
    return select(ShareRow.class_id, ShareRow.edit).where(ShareRow.account_id == account_id).subquery()


def _standing(row: Sequence[Any], account_id: int) -> Standing:
    _id, owner, class_owner, edit = row
    if account_id in (owner, class_owner):
        return Standing.OWN
    if edit is not None:
        return Standing.EDIT if edit else Standing.READ
    return Standing.NOBODYS if owner is None else Standing.OTHERS
