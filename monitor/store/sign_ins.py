"""Sessions of those who are signed in, all of which end."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from monitor.people.accounts import Account, Role
from monitor.store.engine import session
from monitor.store.trust_tables import AccountRow, SignInRow

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: each look at a page is one, and need not be a write."""


@dataclass(frozen=True)
class SignIns:
    engine: Engine

    def begin(self, account_id: int, at: datetime) -> str:
        """A new session's secret, for the browser to keep. Sessions that are long over are forgotten."""
        token = secrets.token_urlsafe(32)
        with session(self.engine) as opened:
            opened.execute(delete(SignInRow).where(SignInRow.began_at < at - 2 * LONGEST))
            opened.add(SignInRow(token=hashed(token), account_id=account_id, began_at=at, used_at=at))
        return token

    def whose(self, token: str, at: datetime, used: bool = True) -> Account | None:
        """Who is signed in by this secret; None once the session has ended. `used`: this look counts as a use."""
        query = select(SignInRow, AccountRow).join(AccountRow).where(SignInRow.token == hashed(token))
        with session(self.engine) as opened:
            found = opened.execute(query).one_or_none()
            if found is None:
                return None
            own, row = found
            over = own.ended_at is not None or at - own.began_at > LONGEST or at - own.used_at > IDLE
            if over or row.disabled_at is not None:
                return None
            if used and at - own.used_at > NOTED_EVERY:
                own.used_at = at
        return account(row)

    def end(self, token: str, at: datetime) -> None:
        """May be called twice, and for a secret that nobody knows."""
        with session(self.engine) as opened:
            opened.execute(update(SignInRow).where(SignInRow.token == hashed(token)).values(ended_at=at))

    def end_others(self, account_id: int, token: str, at: datetime) -> None:
        """All sessions of an account but this one."""
        with session(self.engine) as opened:
            end_all(opened, account_id, at, but=hashed(token))


def end_all(opened: Session, account_id: int, at: datetime, but: str = "") -> None:
    """`but`: the hash of a secret."""
    still = (SignInRow.account_id == account_id, SignInRow.ended_at.is_(None), SignInRow.token != but)
    opened.execute(update(SignInRow).where(*still).values(ended_at=at))


def hashed(token: str) -> str:
    """What is kept of a secret that a program made: long and random, so that one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def account(row: AccountRow) -> Account:
    role = None if row.role is None else Role(row.role)
    return Account(row.id, row.name, role, row.created_at, row.disabled_at, row.by_provider)
