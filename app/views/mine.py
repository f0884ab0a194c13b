"""A student's own page: lessons to join now, and what is kept of those before. Nothing of anybody else."""

from datetime import UTC, datetime

import streamlit as st

from app import resources, signed_in
from app.guard import toasted
from app.notice_view import read_version, show_notice
from app.own_record import own_record
from app.plain import plain
from app.trail import note
from monitor.domain import Lesson
from monitor.people.audit import Action
from monitor.store.own import OwnPlace
from monitor.words import _, day

JOINING = "joining"


@toasted
def join(account_id: int, lesson: Lesson) -> None:
    """The address then holds the seat, as after joining by the code: the next run is that page."""
    seat = resources.store().own.join(account_id, lesson.id, datetime.now(UTC), read_version())
    note(Action.CONSENT, "student", seat.student.id, f"notice={read_version()}", by=f"student:{seat.student.id}")
    st.session_state.pop(JOINING, None)
    st.query_params["join"], st.query_params["seat"] = lesson.code, seat.secret


def choose(lesson_id: int | None) -> None:
    st.session_state[JOINING] = lesson_id


def running(account_id: int, lesson: Lesson) -> None:
    with st.container(border=True):
        if st.session_state.get(JOINING) != lesson.id:
            st.markdown(f"**{plain(lesson.title)}**")
            label = _("Join {lesson}").format(lesson=plain(lesson.title))
            st.button(label, type="primary", icon=":material/login:", on_click=choose, args=(lesson.id,))
            return
        show_notice(lesson)
        held = (account_id, lesson)
        with st.container(horizontal=True):
            st.button(_("I have read this and take part"), type="primary", on_click=join, args=held)
            st.button(_("Not now"), on_click=choose, args=(None,))


def kept(account_id: int, places: tuple[OwnPlace, ...]) -> None:
    by_id = {one.student.id: one for one in places}
    chosen = st.selectbox(
        _("Lesson"),
        list(by_id),
        format_func=lambda key: told(by_id[key]) if key in by_id else "",
        on_change=lambda: st.session_state.pop("delete_asked", None),
    )
    if chosen is None:
        return
    place = by_id[chosen]

    def delete() -> None:
        resources.store().own.delete(account_id, place.student.id)

    own_record(place.student, place.lesson, delete, _("Delete what was kept of me"))


def told(place: OwnPlace) -> str:
    return f"{plain(place.lesson.title)} · {day(place.lesson.started_at.astimezone(resources.zone()))}"


account, store = signed_in.who(), resources.store()
if account is None:
    st.stop()
st.title(_("My lessons"))
places, open_now = store.own.places(account.id), store.own.running(account.id)
for one in open_now:
    running(account.id, one)
if not open_now:
    st.write(_("No lesson of your classes is running now. When one is, you join it here, or by its code."))
st.subheader(_("What is kept of you"))
if not places:
    st.write(
        _(
            "Nothing is kept of you under this account. Your teacher can link it with your name on the class's list; "
            "whoever joined by a code finds the record under the link of that lesson."
        )
    )
    st.stop()
kept(account.id, places)
