"""What a process has once: settings, store, classroom. Made on the first page, shared by all."""

from __future__ import annotations

import atexit
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app import signed_in
from app.access import MOST_WRONG_CODES_AN_HOUR, WRONG_PASSWORDS, CodeTries, SetupLink
from app.process import clock
from app.process import now as now
from app.process import settings as settings
from app.process import whole_store as whole_store
from model_zoo.catalogue import Entry, entries
from model_zoo.measuring.results import RESULTS, Result, load_all
from monitor.domain import Lesson, Presence
from monitor.errors import StoreError, UnknownCode
from monitor.insight.pseudonyms import renamed
from monitor.insight.report import Report, report
from monitor.insight.suppression import LEAST
from monitor.insight.timeline import Follower, Timeline, read_timeline
from monitor.insight.watching import Watcher
from monitor.live.attendance import switch_off
from monitor.live.classroom import Classroom
from monitor.live.housekeeping import Housekeeping
from monitor.live.naming import Naming
from monitor.live.pipeline import open_pipeline
from monitor.live.recorder import Recorder
from monitor.live.recordings import Recordings
from monitor.live.room_camera import RoomCamera
from monitor.people.accounts import Account
from monitor.people.consent import Consent, Notice
from monitor.people.passwords import Hasher
from monitor.people.purpose import Statement, needed
from monitor.people.rights import Right
from monitor.store.seen import maker_of, may_see, refused, seen_by
from monitor.store.store import Store, open_store
from monitor.teaching import Marker
from monitor.vision.classification import open_classifier
from monitor.vision.detection import open_detector
from monitor.vision.stills import StillReader

# The recorder tries again by itself, so it need not wait long for a lock.
RECORDER_PATIENCE_S = 0.25


def store() -> Store:
    """As whoever looks at the page may see it. Asks for them each time: never keep it over pages or people."""
    return seen_by(whole_store(), signed_in.viewer())


def may(lesson_id: int, right: Right) -> bool:
    """Of whoever looks at the page, as of five seconds ago at most."""
    who = signed_in.viewer()
    return isinstance(who, Account) and _may(who, lesson_id, right)


def require(lesson_id: int, right: Right) -> None:
    """Stands before what all pages share. Raises NotYours."""
    if not may(lesson_id, right):
        raise refused()


def maker(class_id: int | None) -> int:
    """Whose a lesson is that whoever looks at the page makes, perhaps of a class. Raises NotYours."""
    who = signed_in.viewer()
    if not isinstance(who, Account):
        raise refused()
    return maker_of(whole_store(), who, class_id)


@st.cache_data(show_spinner=False, ttl=5, max_entries=1000)
def _may(who: Account, lesson_id: int, right: Right) -> bool:
    return may_see(whole_store(), who, lesson_id, right)


@st.cache_resource(show_spinner=False)
def code_tries() -> CodeTries:
    return CodeTries(most_an_hour=MOST_WRONG_CODES_AN_HOUR // settings().replicas)


@st.cache_data(show_spinner=False, ttl=5)
def stated() -> Statement | None:
    """For what this installation is used, as of five seconds ago at most."""
    return whole_store().statements.current()


def may_measure() -> None:
    """Stands before every camera. Raises NoStatement."""
    needed(stated())


@st.cache_resource(show_spinner=False)
def password_tries() -> CodeTries:
    return CodeTries(WRONG_PASSWORDS)


@st.cache_resource(show_spinner=False)
def setup_link() -> SetupLink:
    return SetupLink()


@st.cache_resource(show_spinner=False)
def hasher() -> Hasher:
    return Hasher(settings().password_memory, settings().password_rounds)


@st.cache_resource(show_spinner=False)
def started_at() -> datetime:
    """When this process began to serve: `classroom`, which every page needs, asks for it first."""
    return now()


@st.cache_resource(show_spinner=False)
def classroom() -> Classroom:
    """The running class. Its threads end with the process, after what waits was kept."""
    started_at()
    chosen = settings()
    recorder = Recorder(open_store(chosen.database_url, RECORDER_PATIENCE_S), chosen.buffer)
    room = Classroom(open_pipeline(chosen), recorder, Naming(whole_store()), clock())
    room.start()
    atexit.register(room.stop)
    return room


@st.cache_resource(show_spinner=False)
def housekeeping() -> Housekeeping:
    """Deletes what has been kept for long enough: at once, for the server may have been down, then by its thread."""
    room = classroom()
    keeper = Housekeeping(whole_store(), settings().keep_days, lambda: room.busy, clock=clock())
    keeper.purge(datetime.now(UTC))
    keeper.start()
    atexit.register(keeper.stop)
    return keeper


@st.cache_resource(show_spinner=False)
def still_reader() -> StillReader:
    """Beside the running class, which owns a detector and a classifier for itself."""
    chosen = settings()
    return StillReader(open_detector(chosen.detector, chosen.yunet), open_classifier(chosen.network, chosen.threads))


@st.cache_resource(show_spinner=False)
def recordings() -> Recordings:
    """The queue of videos. Its thread begins with the first one, and has a detector and a classifier of its own."""
    chosen, room = settings(), classroom()

    queue = Recordings(whole_store(), lambda: open_pipeline(chosen), lambda: room.busy, 60 * chosen.video_minutes)
    atexit.register(queue.stop)
    return queue


@st.cache_resource(show_spinner=False)
def catalogue() -> tuple[tuple[Entry, ...], dict[str, Result]]:
    """All networks, and by name what each that was measured scores on PublicTest with one crop, copies and all."""
    plain = (one for one in load_all(RESULTS) if (one.split, one.crops, one.copies) == ("PublicTest", 1, True))
    return entries(), {one.network: one for one in plain}


@st.cache_data(show_spinner=False, ttl=2, max_entries=100)
def runs(lesson_id: int) -> bool:
    """As of two seconds ago at most: all students of a lesson ask every other second.

    True while the store cannot tell.
    """
    try:
        return whole_store().lessons.get(lesson_id).running
    except UnknownCode:
        return False
    except StoreError:
        return True


@st.cache_data(show_spinner=False, ttl=5, max_entries=1000)
def seconds_kept(student_id: int) -> int:
    """Of one student, as of five seconds ago at most: the student's page runs often while it connects."""
    return whole_store().samples.count(student_id)


def reported(lesson: Lesson) -> tuple[Timeline, Report]:
    """A lesson and its report: made once while nothing of it changes, as every click on its page asks for them.

    What is told of single students in it is for who may see names. Raises NotYours.
    """
    require(lesson.id, Right.FIGURES)
    whole = whole_store()
    made_of = (lesson, whole.people.students(lesson.id), whole.markers.of(lesson.id))
    return _reported(repr((made_of, whole.lessons.last_sample_at(lesson.id))), lesson.id)


@st.cache_resource(show_spinner=False, ttl=60, max_entries=6)
def _reported(made_of: str, lesson_id: int) -> tuple[Timeline, Report]:
    timeline = read_timeline(whole_store(), lesson_id, now=now())
    return timeline, report(timeline, now())


@st.cache_resource(show_spinner=False)
def room_cameras() -> dict[int, RoomCamera]:
    """By lesson, those that this process has opened: an address is kept nowhere else."""
    opened: dict[int, RoomCamera] = {}
    atexit.register(_stop_cameras, opened)
    return opened


def _stop_cameras(opened: dict[int, RoomCamera]) -> None:
    for camera in opened.values():
        camera.stop()


def open_room_camera(lesson_id: int, stream: str, address: str | int) -> None:
    may_measure()
    room = classroom()
    room.open_room(stream, lesson_id)
    camera = RoomCamera(stream, address, room.submit, settings().room_fps)
    before, room_cameras()[lesson_id] = room_cameras().get(lesson_id), camera
    if before is not None:
        before.stop()
    camera.start()


def close_room_camera(lesson_id: int) -> None:
    """No camera looks at the room of this lesson any more. May be called twice."""
    switch_off(room_cameras(), classroom(), lesson_id)


@st.cache_data(show_spinner=False, ttl=5, max_entries=100)
def names(lesson_id: int) -> list[str]:
    """On the list of a lesson, as of five seconds ago at most; without those who do not want to be measured."""
    absent = (Presence.PAUSED, Presence.LEFT)
    students = whole_store().people.students(lesson_id)
    return sorted((one.name for one in students if one.named and one.presence not in absent), key=str.casefold)


@st.cache_resource(show_spinner=False, ttl=60)
def notices() -> tuple[Notice, ...]:
    """The school's own, the newest first, as of a minute ago at most; `notices.clear()` after a change of them."""
    return whole_store().consents.notices()


@st.cache_data(show_spinner=False, ttl=5, max_entries=1000)
def consents(student_id: int) -> tuple[Consent, ...]:
    return whole_store().consents.of_student(student_id)


@st.cache_data(show_spinner=False, ttl=5, max_entries=100)
def unmeasured(lesson_id: int) -> int:
    """Students who are there and would rather not be measured; 0 while they are so few that it might tell who."""
    count = whole_store().consents.refused(lesson_id)
    return count if count >= LEAST else 0


@st.cache_data(show_spinner=False, ttl=60, max_entries=1000)
def own_pseudonym(lesson_id: int, student_id: int) -> str:
    """Under which the teacher sees this student."""
    lesson, students = whole_store().lessons.get(lesson_id), whole_store().people.students(lesson_id)
    return renamed(whole_store(), lesson, students)[student_id].name


@st.cache_data(show_spinner=False, ttl=5, max_entries=100)
def present(lesson_id: int) -> int:
    """Students who have joined and not left, as of five seconds ago at most."""
    away = (Presence.INVITED, Presence.LEFT)
    return sum(one.presence not in away for one in whole_store().people.students(lesson_id))


@st.cache_resource(show_spinner=False, max_entries=20)
def follower(lesson_id: int) -> Follower:
    """The timeline of a running lesson, shared by all pages that show it."""
    return Follower(whole_store(), lesson_id, keep=timedelta(minutes=11))


@st.cache_resource(show_spinner=False, max_entries=20)
def watcher(lesson_id: int) -> Watcher:
    """What the teacher's rules raise in a running lesson, shared by all pages that show it."""
    return Watcher(whole_store(), lesson_id)


@st.cache_data(show_spinner=False, ttl=1, max_entries=100)
def markers(lesson_id: int) -> tuple[Marker, ...]:
    """As of a second ago at most, one query for all pages; `markers.clear(lesson_id)` after a change of them."""
    return whole_store().markers.of(lesson_id)


def zone() -> ZoneInfo:
    """The reader's time zone; UTC where the browser does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
