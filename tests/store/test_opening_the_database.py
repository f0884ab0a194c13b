from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from monitor.errors import StoreError, StoreUnavailable
from monitor.store.engine import known_versions, migrate, open_engine
from monitor.store.store import open_store
from monitor.store.tables import Base
from tests.lesson import sample, seat, start
from tests.postgres import Postgres


def test_the_migrations_make_the_tables_that_the_code_expects() -> None:
    engine = open_engine("sqlite://")
    migrate(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        # Of a key that came with ALTER TABLE, SQLAlchemy does not read what a delete does; SQLite itself tells.
        deletes = {
            (table, row["from"]): row["on_delete"]
            for table in ("lessons", "students", "classes")
            for row in connection.execute(text(f"PRAGMA foreign_key_list({table})")).mappings()
        }
    assert [one for one in differences if one[0] not in ("add_fk", "remove_fk")] == []
    assert deletes == {
        ("lessons", "class_id"): "SET NULL",
        ("students", "member_id"): "SET NULL",
        ("students", "lesson_id"): "CASCADE",
        ("lessons", "owner_id"): "SET NULL",
        ("classes", "owner_id"): "SET NULL",
    }
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def test_what_an_older_version_kept_is_still_there(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'class.db'}")
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO lessons VALUES (1, 'Old', 'KIT-492', '2026-01-01', '2026-01-02', 'n', 'd', 0)")
        )
        connection.execute(
            text("INSERT INTO students VALUES (1, 1, 'Ada', 'ada', 'left', '2026-01-01', NULL, '1', NULL)")
        )
        connection.execute(text("INSERT INTO samples VALUES (1, 5, 0, 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"))
    engine.dispose()
    store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
    (lesson,) = store.lessons.ended()
    (student,) = store.people.students(lesson.id)
    assert (lesson.title, lesson.class_id, lesson.source, student.name, student.named) == (
        "Old",
        None,
        "live",
        "Ada",
        True,
    )
    assert len(store.samples.read(lesson.id)) == 1
    store.close()


def test_opening_again_finds_what_was_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'class.db'}"
    first = open_store(url)
    lesson = start(first)
    first.samples.add([sample(seat(first, lesson), 1)])
    first.close()
    again = open_store(url)
    assert again.lessons.running() == (lesson,)
    assert len(again.samples.read(lesson.id)) == 1
    again.answers()
    again.close()


def test_threads_may_open_one_new_database_at_once(tmp_path: Path) -> None:
    together, opened = threading.Barrier(4), list[str]()

    def open_it(number: int) -> None:
        together.wait()
        store = open_store(f"sqlite:///{tmp_path / 'class.db'}")
        opened.append(start(store, f"lesson {number}").title)
        store.close()

    threads = [threading.Thread(target=open_it, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == ["lesson 0", "lesson 1", "lesson 2", "lesson 3"]


OPENING = """
import sys
from monitor.store.store import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


def test_dashboards_that_start_together_on_one_new_database_migrate_it_once(postgres: Postgres) -> None:
    postgres.say("CREATE DATABASE together")
    url = postgres.address("together")
    pipe, root = subprocess.PIPE, Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", OPENING, url]
    started = [
        subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _number in range(3)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in started]
    assert ended == [("", 0)] * 3
    engine = open_engine(url)
    with engine.connect() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    assert versions == [max(known_versions())]
    engine.dispose()


def test_a_database_without_an_encoding_keeps_every_name(postgres: Postgres) -> None:
    postgres.say("CREATE DATABASE unsaid ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    store = open_store(postgres.address("unsaid"))
    lesson = start(store, "Brüche und Größen")
    seat(store, lesson, "Zoë Łukasz")
    store.close()
    again = open_store(postgres.address("unsaid"))
    assert [one.title for one in again.lessons.running()] == ["Brüche und Größen"]
    assert [one.name for one in again.people.students(lesson.id)] == ["Zoë Łukasz"]
    again.close()


def test_all_threads_see_the_database_in_memory() -> None:
    store, seen = open_store("sqlite://"), list[str]()
    start(store, "Fractions")
    thread = threading.Thread(target=lambda: seen.extend(one.title for one in store.lessons.running()))
    thread.start()
    thread.join()
    assert seen == ["Fractions"]
    store.close()


@pytest.mark.parametrize("url", ["", "class.db", "postgress://ada:secret@server/class"])
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"such as sqlite:///lesson\.db, got") as told:
        open_store(url)
    assert "secret" not in str(told.value)


def test_a_missing_driver_is_named_without_the_password() -> None:
    with pytest.raises(StoreError, match="is not installed") as told:
        open_store("mysql://ada:secret@server/class")
    assert "secret" not in str(told.value)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "essay.db"
    file.write_bytes(b"no database " * 500)
    with pytest.raises(StoreError, match="cannot be prepared: file is not a database"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == b"no database " * 500


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"folder of .* cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'class.db'}")


def test_a_database_that_breaks_while_it_is_open_is_a_store_error(tmp_path: Path) -> None:
    file = tmp_path / "class.db"
    store = open_store(f"sqlite:///{file}")
    start(store)
    store.close()
    file.write_bytes(b"overwritten " * 2000)
    with pytest.raises(StoreError) as told:
        store.lessons.running()
    assert not isinstance(told.value, StoreUnavailable)
    store.close()
