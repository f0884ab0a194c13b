"""Rules are set in a dialog; what they raise is one quiet line on the live page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Lesson, Sample
from monitor.insight.alerts import SUGGESTED
from monitor.store.store import Store
from monitor.teaching import Measure, Rule
from tests.app.conftest import Visit, end_process
from tests.app.reading import calm, labels, press, text
from tests.lesson import SAD, second, start
from tests.lesson import seat as join

LOW_MOOD, FEW_FACES = SUGGESTED
SAID = "Mood of the class below −0.20 for 60 s"


@pytest.fixture
def lesson(store: Store) -> Lesson:
    """A class that has looked sad for two minutes, and will for the next one."""
    resources.classroom()
    now = datetime.now(UTC).replace(microsecond=0)
    running = start(store, at=now)
    ada = join(store, running)
    store.samples.add([Sample(ada, now + timedelta(seconds=number), SAD, 5, 5) for number in range(-120, 60)])
    with store.engine.begin() as connection:
        connection.execute(sql("UPDATE lessons SET started_at = datetime(started_at, '-2 minutes')"))
    resources.follower.clear()
    return store.lessons.get(running.id)


def test_no_rule_is_on_before_somebody_sets_one(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = visit("live")
    assert calm(shown)
    assert "Dismiss" not in labels(shown)
    assert store.alerts.rules() == ()


@pytest.mark.parametrize("page", ["live", "start"])
def test_two_rules_are_proposed_with_one_click(visit: Visit, store: Store, lesson: Lesson, page: str) -> None:
    shown = press(visit(page), "Alerts")
    assert "never a sound" in text(shown)
    press(shown, "Add the suggested rules")
    assert store.alerts.rules() == (replace(LOW_MOOD, id=1), replace(FEW_FACES, id=2))
    press(shown, "Alerts")
    assert calm(shown)
    assert "Add the suggested rules" not in labels(shown)
    assert [one.label for one in shown.toggle][-2:] == [SAID, "Faces visible of less than 50% of the class for 2 min"]


def dialog() -> AppTest:
    """What the dialog holds, as a page: Streamlit's AppTest closes a dialog with every click."""

    def script() -> None:
        from app.alerts_view import rules

        rules()

    return AppTest.from_function(script, default_timeout=60).run()


def test_a_rule_is_switched_off(store: Store) -> None:
    store.alerts.add(LOW_MOOD)
    shown = dialog()
    shown.toggle[0].set_value(False).run()
    assert [rule.on for rule in store.alerts.rules()] == [False]
    assert "Add the suggested rules" in labels(shown), "the other one is missing"


def test_deleting_a_rule_asks_first(store: Store) -> None:
    store.alerts.add(LOW_MOOD)
    shown = press(dialog(), "Delete")
    assert "Delete this rule?" in text(shown)
    assert store.alerts.rules()
    press(shown, "No")
    assert "Delete this rule?" not in text(shown)
    press(press(shown, "Delete"), "Yes, delete")
    assert store.alerts.rules() == ()


def test_a_new_rule_is_written_and_read_in_words(store: Store) -> None:
    shown = press(dialog(), "New rule")
    shown.selectbox[0].set_value(Measure.FACE_VISIBLE).run()
    shown.segmented_control[0].set_value(False).run()
    shown.number_input[0].set_value(80)
    shown.number_input[1].set_value(240).run()
    assert "Faces visible of more than 80% of the class for 4 min" in text(shown)
    press(shown, "Keep the rule")
    assert calm(shown)
    assert store.alerts.rules() == (Rule(1, Measure.FACE_VISIBLE, below=False, limit=0.8, seconds=240),)
    assert "Keep the rule" not in labels(shown)


def test_a_rule_is_changed_and_stays_off(store: Store) -> None:
    store.alerts.add(replace(LOW_MOOD, on=False))
    shown = press(dialog(), "Change")
    shown.number_input[0].set_value(-0.35)
    press(shown, "Keep the rule")
    assert store.alerts.rules() == (Rule(1, Measure.MOOD, below=True, limit=-0.35, seconds=60, on=False),)


def test_a_rule_that_was_deleted_meanwhile_is_answered_with_a_sentence(store: Store) -> None:
    store.alerts.add(LOW_MOOD)
    shown = press(dialog(), "Change")
    store.alerts.delete(1)
    press(shown, "Keep the rule")
    assert calm(shown)
    assert [one.value for one in shown.toast] == ["This rule was deleted."]


def test_a_rule_that_holds_is_one_line_with_its_words(visit: Visit, store: Store, lesson: Lesson) -> None:
    store.alerts.add(LOW_MOOD)
    shown = visit("live")
    assert calm(shown)
    assert text(shown).replace("\\", "").count(SAID) == 1
    assert "Ada" not in next(one.value for one in shown.markdown if SAID in one.value.replace("\\", ""))
    (alert,) = store.alerts.of(lesson.id)
    assert alert.rule == replace(LOW_MOOD, id=1)
    assert not shown.get("audio")


def test_two_teachers_see_one_stored_alert(visit: Visit, store: Store, lesson: Lesson) -> None:
    store.alerts.add(LOW_MOOD)
    one, other = visit("live"), visit("live")
    assert "Dismiss" in labels(one.run())
    assert "Dismiss" in labels(other.run())
    assert len(store.alerts.of(lesson.id)) == 1


def test_a_restarted_server_does_not_double_it(visit: Visit, store: Store, lesson: Lesson) -> None:
    store.alerts.add(LOW_MOOD)
    visit("live")
    end_process()
    resources.classroom()
    assert "Dismiss" in labels(visit("live"))
    assert len(store.alerts.of(lesson.id)) == 1


def test_a_dismissed_alert_is_gone_for_the_lesson_and_stays_in_the_report(
    visit: Visit, store: Store, lesson: Lesson
) -> None:
    store.alerts.add(LOW_MOOD)
    shown = press(visit("live"), "Dismiss")
    assert "Dismiss" not in labels(shown)
    assert SAID not in text(shown).replace("\\", "")
    (alert,) = store.alerts.of(lesson.id)
    assert alert.dismissed_at is not None
    listed = text(visit("report", lesson=str(lesson.id))).replace("\\", "")
    assert f"to the end {SAID} (dismissed)" in listed


def test_the_report_lists_alerts_with_times_and_rules(visit: Visit, store: Store) -> None:
    ended = start(store)
    ada = join(store, ended)
    store.samples.add([Sample(ada, second(number), SAD, 5, 5) for number in range(300)])
    rule = Rule(4, Measure.FACE_VISIBLE, below=True, limit=0.5, seconds=120)
    resources.whole_store().alerts.raised(ended.id, rule, second(125))
    resources.whole_store().alerts.over(ended.id, rule.id, second(200))
    store.lessons.end(ended.id, second(300))
    listed = text(visit("report", lesson=str(ended.id))).replace("\\", "")
    assert "09:02:05–09:03:20 Faces visible of less than 50% of the class for 2 min" in listed


def test_a_report_without_alerts_says_so(visit: Visit, store: Store, lesson: Lesson) -> None:
    assert "No rule fired in this lesson" in text(visit("report", lesson=str(lesson.id)))
