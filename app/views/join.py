"""The student's page: which lesson, what is measured, a name, START; then the own face and the way out."""

import time

import streamlit as st

from app import resources
from app.access import neighbourhood
from app.check_view import offer_check
from app.connection_watch import watch_connection
from app.guard import guarded
from app.notice_view import read_version, show_notice
from app.own_picture import own_picture
from app.own_record import own_record
from app.plain import plain
from app.self_view import own_panel
from app.trail import note
from app.webrtc import camera
from monitor.domain import Lesson, Presence, Student
from monitor.errors import GuardianNeeded, LessonOver, NameInUse, TooManyTries, UnknownCode
from monitor.people.audit import Action
from monitor.store.lessons import normal_code
from monitor.store.people import stream_of
from monitor.words import _

RATHER_NOT = "rather_not"
store, room, settings = resources.store(), resources.classroom(), resources.settings()


def holder() -> Student | None:
    """Whose seat this device holds, by the secret in its address."""
    secret = st.query_params.get("seat", "")
    return store.people.seated(secret) if secret else None


def find_lesson(student: Student | None) -> Lesson:
    """The lesson of the seat, of the address or of the code typed here; stops the page until there is one."""
    code, own = st.query_params.get("join", "").strip(), None
    try:
        own = store.lessons.get(student.lesson_id) if student is not None else None
        if own is not None and own.code == normal_code(code):
            return _running(own)
        if code:
            return _try(code)
    except UnknownCode as error:
        st.error(str(error), icon="🔑")
    except (LessonOver, TooManyTries) as error:
        st.warning(str(error), icon="⏳")
    if student is not None and own is not None:
        with st.expander(_("My data")):
            own_record(student, own, lambda: store.people.delete(student.id), _("Delete what was kept of me"))
    st.title(_("Join a lesson"))
    with st.form("code"):
        typed = st.text_input(_("Code from your teacher"), placeholder="K7TM-4N2B", max_chars=12)
        if st.form_submit_button(_("Go on"), type="primary", width="stretch") and typed.strip():
            st.query_params["join"] = typed.strip()
            st.query_params.pop("seat", None)
            st.rerun()
    st.stop()


def _running(lesson: Lesson) -> Lesson:
    if not lesson.running:
        raise LessonOver(_("The lesson “{title}” is over.").format(title=lesson.title))
    return lesson


def _try(code: str) -> Lesson:
    """A code counts once for the address it comes from, however often the page runs."""
    if st.session_state.get("right_code") == code:
        return store.lessons.by_code(code)
    tries, address = resources.code_tries(), neighbourhood(st.context.ip_address or "")
    tries.check(address, time.monotonic())
    try:
        lesson = store.lessons.by_code(code)
    except UnknownCode:
        if st.session_state.get("wrong_code") != code:
            tries.wrong(address, time.monotonic())
        st.session_state["wrong_code"] = code
        raise
    st.session_state["right_code"] = code
    return lesson


def take_seat(student: Student | None, lesson: Lesson) -> tuple[Student, str]:
    """The student of this device; stops the page until a name was given."""
    secret = st.query_params.get("seat", "")
    here = student is not None and student.lesson_id == lesson.id
    if student is not None and here and student.presence is not Presence.LEFT:
        return student, secret
    if st.query_params.get(RATHER_NOT):
        _unmeasured(lesson)
    if here or student is None:
        _say_why_no_seat(secret, student, lesson)
    show_notice(lesson)
    _ask_name(lesson)
    st.button(_("I would rather not"), on_click=rather_not, args=(lesson.id,), width="stretch")
    offer_check()
    st.stop()


def _say_why_no_seat(secret: str, student: Student | None, lesson: Lesson) -> None:
    if secret and student is None:
        st.warning(_("You are measured on another device now, or your data was deleted. This page is off."), icon="📴")
    elif student is not None and secret:
        st.success(_("You have left the lesson. Nothing is measured."), icon="👋")
        with st.expander(_("What was kept of you"), expanded=True):
            own_record(student, lesson, lambda: store.people.delete(student.id), _("Delete what was kept of me"))


def rather_not(lesson_id: int, more: int = 1) -> None:
    """Only counted. The address remembers it, so that reloading counts nobody twice."""
    with guarded():
        store.consents.refuse(lesson_id, more)
        if more > 0:
            st.query_params[RATHER_NOT] = "1"
        else:
            st.query_params.pop(RATHER_NOT, None)


def _unmeasured(lesson: Lesson) -> None:
    st.success(_("That is fine. You are in the lesson, and nothing of you is measured or kept."), icon="👍")
    st.write(
        _(
            "Nobody is told that it is you: your teacher sees only how many are not measured, and that only from five "
            "on. Does a camera look at the whole room? Then sit where it does not see you, or ask your teacher to "
            "leave your face out."
        )
    )
    st.button(_("I have changed my mind"), on_click=rather_not, args=(lesson.id, -1))
    st.stop()


def _free_names(lesson: Lesson) -> list[str]:
    return [one.name for one in store.people.students(lesson.id) if one.presence is Presence.INVITED and one.named]


def _ask_name(lesson: Lesson) -> None:
    names = _free_names(lesson) if lesson.guests else store.people.listed(lesson.id)
    with st.form("name"):
        picked = st.selectbox(_("Your name on the list"), names, index=None) if names else None
        typed = ""
        if lesson.guests:
            typed = st.text_input(_("Your name") if not names else _("… or another name"), max_chars=60)
        else:
            st.caption(_("Only students on the list can join. Is your name not there? Please ask your teacher."))
        agreed = st.form_submit_button(_("I have read this and take part"), type="primary", width="stretch")
    wanted = st.session_state.get("wanted_name")
    if agreed:
        wanted = st.session_state["wanted_name"] = typed.strip() or picked or ""
        _join(lesson, wanted, take_over=False)
    if wanted and st.session_state.get("name_in_use"):
        st.warning(_("**{name}** is already in this lesson, on another device.").format(name=plain(wanted)), icon="📱")
        if st.button(_("That is me: go on here, stop the other device"), type="primary", width="stretch"):
            _join(lesson, wanted, take_over=True)
        st.caption(_("If it is not you, choose another name above."))


def _join(lesson: Lesson, name: str, take_over: bool) -> None:
    st.session_state["name_in_use"] = False
    try:
        seat = store.people.join(lesson.id, name, resources.now(), read_version(), take_over)
    except NameInUse:
        st.session_state["name_in_use"] = True
        return
    except GuardianNeeded as error:
        st.info(str(error), icon="🤝")
        return
    note(Action.CONSENT, "student", seat.student.id, f"notice={read_version()}", by=f"student:{seat.student.id}")
    st.query_params["seat"] = seat.secret
    st.session_state.pop("wanted_name", None)
    st.rerun()


def wait_for_room() -> None:
    """Whoever is in stays in; one more camera would take them what they have."""
    st.warning(
        _("The server is full just now: all who are measured stay so, and nothing of you is measured yet."), icon="⏳"
    )
    st.button(_("Try again"), type="primary", width="stretch")
    st.stop()


def leave(student: Student, stream: str) -> None:
    """Takes the consent back; the page then offers to delete what was kept."""
    room.unseat(stream)
    with guarded():
        store.people.choose(student.id, Presence.LEFT, resources.now())
        room.look_away(student.id)
        note(Action.WITHDRAW, "student", student.id, by=f"student:{student.id}")


def leave_nothing(student: Student, stream: str) -> None:
    room.unseat(stream)
    room.look_away(student.id)
    store.people.delete(student.id)


def pause(student: Student, stream: str) -> None:
    room.unseat(stream)
    st.session_state["stopping"] = True
    with guarded():
        store.people.choose(student.id, Presence.PAUSED, resources.now())
        room.look_away(student.id)


known = holder()
lesson = find_lesson(known)
st.title(lesson.title)
student, secret = take_seat(known, lesson)
stream = stream_of(student.id, secret)

if room.load.full and not room.seated(stream):
    wait_for_room()
if student.presence is Presence.HERE:
    room.seat(stream, student.id)
watch_connection(camera=student.presence is Presence.HERE)
left, right = st.columns([1, 1], gap="large")
with left:
    own_picture()
    context = camera(f"camera-{student.id}", stream, room, settings, stop=bool(st.session_state.get("stopping")))
if not context.state.playing:
    if st.session_state.pop("stopping", None):
        st.rerun()  # the camera is off: offer START again
elif student.presence is Presence.PAUSED and not st.session_state.get("stopping"):
    # START was clicked again: that is the wish to go on.
    student = store.people.choose(student.id, Presence.HERE, resources.now())
    room.seat(stream, student.id)
with right:
    own_panel(student, stream, playing=context.state.playing)

off = student.presence is Presence.PAUSED or not context.state.playing
with st.container(horizontal=True):
    held = (student, stream)
    st.button(_("Pause"), icon=":material/pause:", width="stretch", on_click=pause, args=held, disabled=off)
    st.button(_("Leave"), icon=":material/logout:", width="stretch", on_click=leave, args=held)
with st.expander(_("My data")):
    own_record(student, lesson, lambda: leave_nothing(student, stream), _("Leave and delete all of it"))
if not context.state.playing:
    offer_check()
