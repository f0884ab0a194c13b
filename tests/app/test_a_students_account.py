"""A student who signs in: the own lessons and what is kept of them, and nothing of anybody else."""

from __future__ import annotations

import pytest

from app import resources
from monitor.people.accounts import Account, Role
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit, account, be
from tests.app.reading import calm, text
from tests.lesson import NINE, sample
from tests.roles import Thing, things


@pytest.fixture
def zelda(store: Store) -> Account:
    return account(resources.whole_store(), "zelda@students.example", Role.STUDENT)


def linked(whole: Store, zelda: Account, running: bool = False) -> Thing:
    """A class of the teacher's in which zelda is "Zelda own"; beside her one whom she is not."""
    own = things(whole, whole.accounts.named("teacher"), running=running)["own"]
    (member,) = whole.classes.members(own.school_class.id)
    whole.own.link(member.id, zelda.id)
    other = whole.people.join(own.lesson.id, "Mallory", NINE, "2026-1").student
    whole.samples.add([sample(other.id, second) for second in range(3)])
    return own


def test_a_student_sees_the_own_record_and_nobody_elses(visit: Visit, zelda: Account) -> None:
    whole = resources.whole_store()
    linked(whole, zelda)
    be(whole, zelda)
    shown = visit("mine")
    assert calm(shown)
    read = text(shown)
    assert "Kept of Zelda own so far: 6 seconds" in read.replace("**", "")
    assert "Mallory" not in read
    assert [len(one.options) for one in shown.selectbox if one.label == "Lesson"] == [1]


def test_a_student_deletes_the_own_record_after_a_question(visit: Visit, zelda: Account) -> None:
    whole = resources.whole_store()
    own = linked(whole, zelda)
    be(whole, zelda)
    shown = visit("mine")
    next(one for one in shown.button if one.label == "Delete what was kept of me").click().run()
    assert [one.name for one in whole.people.students(own.lesson.id)] == ["Zelda own", "Mallory"]
    next(one for one in shown.button if one.label == "Delete for good").click().run()
    assert [one.name for one in whole.people.students(own.lesson.id)] == ["Mallory"]
    assert whole.own.places(zelda.id) == ()
    assert Action.DELETE in [one.deed.action for one in whole.audit.newest(3)]
    assert "Nothing is kept of you under this account" in text(shown)


def test_a_running_lesson_of_the_class_is_one_click_away(visit: Visit, zelda: Account) -> None:
    whole = resources.whole_store()
    own = linked(whole, zelda, running=True)
    be(whole, zelda)
    (link,) = visit("mine").get("link_button")
    assert (link.proto.label, link.proto.url) == ("Join Lesson own", f"/?join={own.lesson.code}")


def test_a_lesson_of_another_class_is_not_joined(store: Store, zelda: Account) -> None:
    whole = resources.whole_store()
    linked(whole, zelda, running=True)
    others = things(whole, account(whole, "eve", Role.TEACHER), running=True, number="-2")["own"]
    assert [one.title for one in whole.own.running(zelda.id)] == ["Lesson own"]
    with pytest.raises(Exception, match="not in its class"):
        whole.own.join(zelda.id, others.lesson.id, NINE, "2026-1")
    whole.own.delete(zelda.id, others.student.id)
    assert whole.people.student(others.student.id) == others.student


def test_an_account_that_nobody_linked_says_what_to_do(visit: Visit, zelda: Account) -> None:
    whole = resources.whole_store()
    things(whole, whole.accounts.named("teacher"), running=True)
    be(whole, zelda)
    shown = visit("mine")
    assert calm(shown)
    assert "Your teacher can link it" in text(shown)
    assert not [one for one in shown.button if one.label.startswith("Join")]


def test_a_teacher_links_an_account_on_the_roster(visit: Visit, store: Store, zelda: Account) -> None:
    whole = resources.whole_store()
    own = store.classes.create("7b", NINE)
    (ada,) = store.classes.add_members(own.id, ["Ada"])
    shown = visit("classes", **{"class": str(own.id)})
    next(one for one in shown.multiselect if one.label.startswith("Choose a student")).select(ada.id).run()
    next(one for one in shown.button if one.label == "Account").click().run()
    next(one for one in shown.selectbox if one.label == "Account of Ada").select(zelda.id)
    next(one for one in shown.button if one.label == "Link it").click().run()
    assert {key: one.id for key, one in whole.own.linked(own.id).items()} == {ada.id: zelda.id}
    assert "The account of Ada is kept." in text(shown)


def test_only_a_students_account_is_linked_and_with_one_of_a_class(store: Store, zelda: Account) -> None:
    whole = resources.whole_store()
    own = store.classes.create("7b", NINE)
    ada, ben = store.classes.add_members(own.id, ["Ada", "Ben"])
    with pytest.raises(Exception, match="role of a student"):
        whole.own.link(ada.id, whole.accounts.named("teacher").id)
    whole.own.link(ada.id, zelda.id)
    whole.own.link(ben.id, zelda.id)
    assert list(whole.own.linked(own.id)) == [ben.id]
    whole.members.merge(ada.id, ben.id)
    assert list(whole.own.linked(own.id)) == [ada.id]
    whole.own.link(ada.id, None)
    assert whole.own.linked(own.id) == {}
