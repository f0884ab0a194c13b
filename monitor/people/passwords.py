"""Passwords: what a new one must be, and how one is kept: argon2id, nothing else.

After NIST SP 800-63B and OWASP ASVS 5 (6.2): length counts, no rule about kinds of characters, no forced change.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.domain import name_key
from monitor.errors import WeakPassword
from monitor.words import _

SHORTEST, LONGEST = 12, 256
COMMONEST = """
123456789012 1234567890123 12345678901234 123456123456 111111111111 000000000000 121212121212 123123123123
112233445566 abcdefghijkl abcdefghijklm abc123abc123 abcd1234abcd qwertyuiopas qwertyuiop12 qwertyuiop123
1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u qwerty123456 qwertz123456 qwertzuiopas asdfghjklqwe zaq12wsxcde3
password1234 password12345 password123456 passwordpassword password1234! mypassword123 adminadmin12
administrator administrator1 adminpassword admin1234567 letmeinletmein welcome12345 welcome123456 iloveyou1234
iloveyouiloveyou changemechangeme changeme1234 changeme12345 passwort1234 passwort12345 passwortpasswort
hallohallohallo willkommen123 schalke04schalke sommer123456 teacherteacher teacher12345 classroom123 classroommood
correcthorsebatterystaple trustno1trustno1 superman1234 footballfootball baseball1234 dragondragon monkeymonkey
princess1234 sunshine1234 michaelmichael charliecharlie qazwsxedcrfv 987654321098 987654321987 654321654321
"""
COMMON = frozenset(COMMONEST.split())


def new_password(text: str, name: str) -> str:
    """The password as it is hashed; `name`: whose it becomes. Raises WeakPassword, which never repeats the text."""
    password = _normal(text)
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(
            _("A password has {least} to {most} characters, and this one has {n}. A few words in a row are a good one.")
            .format(least=SHORTEST, most=LONGEST, n=len(password))
        )  # fmt: skip
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) < 4:
        raise WeakPassword(_("This password is among the first that are tried. Please take another one."))
    own = name_key(name)
    if own in folded and len(folded) - len(own) < SHORTEST // 2:
        raise WeakPassword(_("A password that is the name itself is soon guessed. Please take another one."))
    return password


@dataclass(frozen=True)
class Hasher:
    """The cost of one hash: `memory` in KiB, `rounds` over it. May be used from any thread."""

    memory: int = 65536
    rounds: int = 3

    @cached_property
    def _argon2id(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.rounds, memory_cost=self.memory, parallelism=1)

    @cached_property
    def _of_nobody(self) -> str:
        return self._argon2id.hash("a password that nobody has")

    def hash(self, password: str) -> str:
        return self._argon2id.hash(_normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """As much work for nobody, `kept` being None, as for somebody: how long it takes tells no name."""
        try:
            right = self._argon2id.verify(kept or self._of_nobody, _normal(password[: 4 * LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Made at another cost than today's."""
        return self._argon2id.check_needs_rehash(kept)


def _normal(text: str) -> str:
    """One password, whichever keyboard it is typed on."""
    return unicodedata.normalize("NFKC", text)
