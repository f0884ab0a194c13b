"""Pseudonyms such as `Otter 372`: the same for a student in all lessons of a class, and nothing without the key.

The key (HMAC-SHA256) is not in the database: it is a setting, or a file that is made when it is first needed. Whoever
has the database alone can tell from a pseudonym neither name nor place on the list: pseudonyms have numbers of their
own and stand in their own order. Animals that English and German spell alike, so that they read the same in both.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from monitor.domain import Lesson, Shown, Student, name_key
from monitor.errors import SettingsError
from monitor.settings import Settings, load
from monitor.store.store import Store

ANIMALS = (
    *("Ara", "Amsel", "Bison", "Capybara", "Dodo", "Dingo", "Emu", "Falter", "Flamingo", "Fossa"),
    *("Gecko", "Gibbon", "Gnu", "Gorilla", "Grizzly", "Hamster", "Hummer", "Impala", "Jaguar", "Kiwi"),
    *("Koala", "Kolibri", "Lama", "Lemming", "Lemur", "Leopard", "Mungo", "Okapi", "Opossum", "Orca"),
    *("Otter", "Panda", "Pinguin", "Puma", "Quagga", "Serval", "Tapir", "Tiger", "Wallaby", "Wombat"),
)
NUMBERS = range(100, 1000)
FIRST_ID = 2**31
"""Numbers of pseudonyms lie above those of all students."""


def as_shown(store: Store, lesson: Lesson, students: Iterable[Student]) -> tuple[Student, ...]:
    """The students of a lesson as its teacher may know them: nobody where only the class is shown."""
    if lesson.shown is Shown.NAMES:
        return tuple(students)
    if lesson.shown is Shown.CLASS:
        return ()
    found = renamed(store, lesson, students)
    return tuple(sorted(found.values(), key=lambda student: (student.name, student.id)))


def renamed(store: Store, lesson: Lesson, students: Iterable[Student]) -> dict[int, Student]:
    """By their own number, the students under pseudonyms; faces without a name stay as they are."""
    known = tuple(students)
    roster = [] if lesson.class_id is None else sorted(m.id for m in store.classes.members(lesson.class_id, True))
    guests = [student for student in known if student.named and student.member_id not in roster]
    whole = [*(f"member:{one}" for one in roster), *dict.fromkeys(map(_guest, guests))]
    scope = f"lesson:{lesson.id}" if lesson.class_id is None else f"class:{lesson.class_id}"
    names = pseudonyms(pseudonym_key(), scope, whole)
    return {one.id: _under(one, names, one.member_id in roster) if one.named else one for one in known}


def pseudonyms(key: bytes, scope: str, whole: Iterable[str]) -> dict[str, tuple[int, str]]:
    """A number and a name for each of `whole`, no two alike. Who stands later never changes those before."""
    taken: set[int | str] = set()
    found = {}
    for who in whole:
        number, name = next(one for one in _drawn(key, f"{scope}|{who}") if taken.isdisjoint(one))
        taken |= {number, name}
        found[who] = (number, name)
    return found


@cache
def pseudonym_key() -> bytes:
    return read_key(load())


def read_key(settings: Settings) -> bytes:
    """Of the settings, else of its file, which is made when it is not there. Raises SettingsError."""
    if settings.pseudonym_key.get_secret_value():
        return settings.pseudonym_key.get_secret_value().encode()
    path = settings.pseudonym_key_file
    try:
        _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SettingsError(f"{path} is readable for others; only its owner may read it: chmod 600 {path}")
        return path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"The key of the pseudonyms cannot be kept in {path}: {error.strerror}") from error


def _make(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def _drawn(key: bytes, who: str) -> Iterator[tuple[int, str]]:
    """One pair after the other, for who comes upon one that is taken."""
    turn = 0
    while True:
        digest = hmac.new(key, f"{who}|{turn}".encode(), hashlib.sha256).digest()
        number, animal, digits = (int.from_bytes(digest[start : start + 4]) for start in (0, 4, 8))
        yield FIRST_ID + number % FIRST_ID, f"{ANIMALS[animal % len(ANIMALS)]} {NUMBERS[digits % len(NUMBERS)]}"
        turn += 1


def _guest(student: Student) -> str:
    return f"guest:{name_key(student.name)}"


def _under(student: Student, names: Mapping[str, tuple[int, str]], member: bool) -> Student:
    number, name = names[f"member:{student.member_id}" if member else _guest(student)]
    return replace(student, id=number, name=name, member_id=None, pseudonym=True)
