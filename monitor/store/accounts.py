"""Accounts: made by an invitation, changed, disabled; and where each password's hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.domain import name_key
from monitor.errors import InvalidAccount, InvalidLink
from monitor.people.accounts import Account, Role, account_name
from monitor.store.engine import session
from monitor.store.sign_ins import account, end_all, hashed
from monitor.store.trust_tables import AccountRow, InvitationRow
from monitor.words import _

INVITED_FOR = timedelta(days=7)
RESET_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Accounts:
    engine: Engine

    def create(self, name: str, role: Role | None, at: datetime, password: str | None = None) -> Account:
        """`password` is a hash. Raises InvalidAccount for a bad name and for one that is taken."""
        clean = account_name(name)
        return self._add(AccountRow(name=clean, name_key=name_key(clean), role=role, created_at=at, password=password))

    def _add(self, row: AccountRow) -> Account:
        try:
            with session(self.engine) as opened:
                opened.add(row)
        except IntegrityError as error:
            raise InvalidAccount(_("There is an account “{name}” already.").format(name=row.name)) from error
        return account(row)

    def of_subject(self, subject: str) -> Account | None:
        """Who this is at the school's own sign-in, by the hash of it; disabled ones too."""
        with session(self.engine) as opened:
            row = opened.scalar(select(AccountRow).where(AccountRow.subject == subject))
        return None if row is None else account(row)

    def meet(self, name: str, subject: str) -> Account | None:
        """An account that waits under this name is `subject`'s from now on; None where there is no account.

        Raises InvalidAccount for one that is somebody else's at the school's own sign-in.
        """
        with session(self.engine) as opened:
            row = opened.scalar(select(AccountRow).where(AccountRow.name_key == name_key(name)))
            if row is None:
                return None
            if row.subject not in (None, subject):
                raise InvalidAccount(_("The account “{name}” belongs to somebody else.").format(name=row.name))
            row.subject = subject
        return account(row)

    def admit(self, name: str, role: Role, subject: str, at: datetime) -> Account:
        """A new account without a password, whose role is what the school's own sign-in says. Raises InvalidAccount as
        `create`."""
        clean = account_name(name)
        own = {"name": clean, "name_key": name_key(clean), "role": role, "created_at": at}
        return self._add(AccountRow(**own, subject=subject, by_provider=True))

    def invite(self, account_id: int, at: datetime, lasting: timedelta = INVITED_FOR) -> str:
        """What the link says by which the account gets a (new) password, once. An older link is void."""
        token = secrets.token_urlsafe(32)
        with session(self.engine) as opened:
            _get(opened, account_id)
            opened.execute(delete(InvitationRow).where(InvitationRow.account_id == account_id))
            opened.add(InvitationRow(token=hashed(token), account_id=account_id, ends_at=at + lasting))
        return token

    def invited(self, token: str, at: datetime) -> Account:
        """Whom a link invites. Raises InvalidLink."""
        with session(self.engine) as opened:
            return account(_invited(opened, token, at))

    def accept(self, token: str, password: str, at: datetime) -> Account:
        """Gives the invited account this password, a hash; the link is used up, and older sessions end.

        Raises InvalidLink.
        """
        with session(self.engine) as opened:
            row = _invited(opened, token, at)
            row.password = password
            opened.execute(delete(InvitationRow).where(InvitationRow.account_id == row.id))
            end_all(opened, row.id, at)
        return account(row)

    def set_password(self, account_id: int, password: str) -> None:
        """`password` is a hash."""
        with session(self.engine) as opened:
            _get(opened, account_id).password = password

    def secret_of(self, name: str) -> tuple[Account, str] | None:
        """The account of this name and its password's hash; None where nobody can sign in under it."""
        with session(self.engine) as opened:
            row = opened.scalar(select(AccountRow).where(AccountRow.name_key == name_key(name.strip())))
        if row is None or row.password is None or row.disabled_at is not None:
            return None
        return account(row), row.password

    def get(self, account_id: int) -> Account:
        """Raises InvalidAccount."""
        with session(self.engine) as opened:
            return account(_get(opened, account_id))

    def named(self, name: str) -> Account:
        """Raises InvalidAccount."""
        with session(self.engine) as opened:
            row = opened.scalar(select(AccountRow).where(AccountRow.name_key == name_key(name.strip())))
        if row is None:
            raise InvalidAccount(_("There is no account “{name}”.").format(name=name.strip()))
        return account(row)

    def all(self) -> tuple[Account, ...]:
        """By name."""
        with session(self.engine) as opened:
            return tuple(map(account, opened.scalars(select(AccountRow).order_by(AccountRow.name_key))))

    def open_invitations(self, at: datetime) -> frozenset[int]:
        """Ids of the accounts whose link was not used yet and still works."""
        query = select(InvitationRow.account_id).where(InvitationRow.ends_at > at)
        with session(self.engine) as opened:
            return frozenset(opened.scalars(query))

    def administered(self) -> bool:
        """Whether somebody can administer this installation."""
        with session(self.engine) as opened:
            return bool(_administrators(opened))

    def give_role(self, account_id: int, role: Role | None, by_provider: bool = False) -> Account:
        """What an administrator gives holds from then on, whatever the school's own sign-in says.

        Raises InvalidAccount when nobody would be left to administer.
        """
        with session(self.engine) as opened:
            row = _get(opened, account_id)
            with _an_administrator_stays(opened, row):
                row.role, row.by_provider = role, by_provider
        return account(row)

    def disable(self, account_id: int, at: datetime) -> Account:
        """Nobody signs in under it, and who is signed in is so no longer. Raises InvalidAccount as `give_role`."""
        with session(self.engine) as opened:
            row = _get(opened, account_id)
            with _an_administrator_stays(opened, row):
                row.disabled_at = at
            opened.execute(delete(InvitationRow).where(InvitationRow.account_id == account_id))
            end_all(opened, account_id, at)
        return account(row)

    def enable(self, account_id: int) -> Account:
        with session(self.engine) as opened:
            row = _get(opened, account_id)
            row.disabled_at = None
        return account(row)


def _invited(opened: Session, token: str, at: datetime) -> AccountRow:
    invitation = opened.get(InvitationRow, hashed(token))
    row = None if invitation is None else opened.get(AccountRow, invitation.account_id)
    if invitation is None or row is None or invitation.ends_at <= at or row.disabled_at is not None:
        raise InvalidLink(_("This link was used already, or it is too old. Please ask for a new one."))
    return row


def _get(opened: Session, account_id: int) -> AccountRow:
    row = opened.get(AccountRow, account_id)
    if row is None:
        raise InvalidAccount(_("This account was deleted."))
    return row


def _administrators(opened: Session) -> int:
    """How many can sign in; whoever was only invited as one cannot yet."""
    able = (AccountRow.disabled_at.is_(None), AccountRow.password.is_not(None))
    return opened.scalar(select(func.count()).where(AccountRow.role == Role.ADMINISTRATOR, *able)) or 0


@contextmanager
def _an_administrator_stays(opened: Session, changed: AccountRow) -> Iterator[None]:
    before = _administrators(opened)
    yield
    opened.flush()
    if before and not _administrators(opened):
        raise InvalidAccount(
            _("“{name}” is the last who can administer this installation. Please make somebody else one first.").format(
                name=changed.name
            )
        )
