from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from monitor.errors import StoreError, StoreUnavailable
from monitor.store.engine import migrate, open_engine
from monitor.store.store import open_store
from monitor.store.tables import Base
from tests.lesson import sample, seat, start


def test_the_migrations_make_the_tables_that_the_code_expects() -> None:
    engine = open_engine("sqlite://")
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert set(inspect(engine).get_table_names()) == {"lessons", "students", "samples", "alembic_version"}
    engine.dispose()


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
