"""A student's own page: links to lessons that run now, and what is kept of those before. Nothing of anybody else."""

import streamlit as st

from app import resources, signed_in
from app.own_record import own_record
from app.plain import plain
from monitor.domain import Lesson
from monitor.store.own import OwnPlace
from monitor.words import _, day


def running(lesson: Lesson) -> None:
    """The page of its code asks for the name on the list, as of everybody."""
    with st.container(border=True):
        label = _("Join {lesson}").format(lesson=plain(lesson.title))
        st.link_button(label, f"/?join={lesson.code}", type="primary", icon=":material/login:")


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
    running(one)
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
