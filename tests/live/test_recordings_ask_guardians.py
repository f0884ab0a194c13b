"""Where a class asks guardians, a video of it is not measured before those have agreed who can be seen in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.errors import GuardianNeeded
from monitor.live.analysis import Progress, Recording, analyse
from monitor.live.pipeline import Pipeline
from monitor.store.store import Store
from monitor.teaching import SchoolClass
from monitor.vision.classification import Classifier
from tests.lesson import NINE
from tests.live.chalk import ChalkDetector
from tests.videos import ROOM, film, seconds_of

SHORT = film(seconds_of((ROOM, 1)))
Measure = Callable[..., object]


@pytest.fixture
def seven(store: Store) -> SchoolClass:
    """Ada's mother has agreed, of Ben nobody has."""
    made = store.classes.create("7b", NINE)
    store.classes.add_members(made.id, ["Ada", "Ben"])
    store.consents.need_guardian(made.id, True)
    agree(store, made, "Ada")
    return made


def agree(store: Store, made: SchoolClass, name: str) -> None:
    (member,) = [one for one in store.classes.members(made.id) if one.name == name]
    store.consents.guardian_agreed(member.id, "mother, by letter", NINE)


@pytest.fixture
def measured(store: Store, classifier: Classifier, seven: SchoolClass) -> Measure:
    def measure(student: str | None, watch: Callable[[Progress], object] = lambda progress: None) -> object:
        recording = Recording(SHORT, "Poems", student, datetime.now(UTC), class_id=seven.id)
        return analyse(store, Pipeline(ChalkDetector(), classifier, 0.3), recording, 60, watch)

    return measure


def lessons(store: Store) -> int:
    return len(store.lessons.ended())


@pytest.mark.parametrize("name", ["Ben", "ben ", "Zoë"])
def test_whoever_has_no_consent_is_not_measured(store: Store, measured: Measure, name: str) -> None:
    with pytest.raises(GuardianNeeded, match=f"of {name.strip()} that is not noted"):
        measured(name)
    assert lessons(store) == 0


def test_whoever_has_one_is(store: Store, measured: Measure) -> None:
    measured("ada")
    assert lessons(store) == 1


def test_of_several_all_of_the_roster_need_one(store: Store, measured: Measure, seven: SchoolClass) -> None:
    with pytest.raises(GuardianNeeded, match="Of 1 of 2 on the roster"):
        measured(None)
    assert lessons(store) == 0
    agree(store, seven, "Ben")
    measured(None)
    assert lessons(store) == 1


def test_a_consent_that_is_taken_back_meanwhile_counts(store: Store, measured: Measure, seven: SchoolClass) -> None:
    (ada, _ben) = store.classes.members(seven.id)
    with pytest.raises(GuardianNeeded):
        measured("Ada", lambda progress: store.consents.guardian_withdrew(ada.id, NINE))
    assert lessons(store) == 0


def test_a_class_that_asks_nobody_is_measured(store: Store, measured: Measure, seven: SchoolClass) -> None:
    store.consents.need_guardian(seven.id, False)
    measured("Ben")
    assert lessons(store) == 1
