from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.people.accounts import Role
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.app.conftest import Visit, account, be
from tests.app.reading import calm, labels, press, text


def done() -> list[tuple[Action, str]]:
    """What the audit log says of accounts, the oldest first."""
    newest = resources.whole_store().audit.newest(50)
    return [(one.deed.action, one.deed.detail) for one in reversed(newest) if one.deed.kind == "account"]


def test_somebody_is_invited_by_a_link_that_is_shown_once(visit: Visit, store: Store) -> None:
    shown = visit("administration")
    shown.text_input[0].set_value("ben")
    assert calm(press(shown, "Make a link"))
    (link,) = [one.value for one in shown.code if "/invitation?token=" in one.value]
    assert link.startswith("https://mood.school.example/invitation?token=")
    assert "/invitation?token=" not in text(shown.run())
    assert done() == [(Action.ROLES, "added teacher")]


def test_a_role_is_given_and_an_account_is_shut_out_and_let_in_again(visit: Visit, store: Store) -> None:
    ben = account(resources.whole_store(), "ben", None)
    shown = visit("administration")
    shown.selectbox(key=f"role-{ben.id}").set_value(Role.OBSERVER).run()
    shown.button(key=f"_disable-{ben.id}").click().run()
    assert "disabled" in text(shown)
    shown.button(key=f"_enable-{ben.id}").click().run()
    assert calm(shown)
    (now,) = [one for one in resources.whole_store().accounts.all() if one.id == ben.id]
    assert (now.role, now.disabled) == (Role.OBSERVER, False)
    assert done() == [(Action.ROLES, "role=observer"), (Action.ROLES, "disabled"), (Action.ROLES, "enabled")]


def test_whoever_signs_out_is_in_the_log(visit: Visit, store: Store) -> None:
    visit("live").button(key="account-out").click().run()
    assert done() == [(Action.SIGN_OUT, "")]


@pytest.mark.parametrize("page", ["live", "report", "lessons", "compare"])
def test_an_observer_without_lessons_is_told_how_they_come(visit: Visit, store: Store, page: str) -> None:
    whole = resources.whole_store()
    be(whole, account(whole, "olga", Role.OBSERVER))
    shown: AppTest = visit(page)
    assert calm(shown)
    assert "when a teacher has shared a class with you" in text(shown)
    assert not {"Start a lesson", "Open a sample lesson"} & set(labels(shown))
