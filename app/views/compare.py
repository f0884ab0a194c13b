"""Lessons of a class over weeks, lessons side by side, parts of lessons, classes. Students are never compared."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from app import resources
from app.addresses import number
from app.compare_view import classes, kinds, over_weeks, side_by_side
from app.sample import offer_first_lesson
from monitor.domain import Lesson
from monitor.words import _

store, zone = resources.store(), resources.zone()
WAYS = {
    "weeks": _("Over weeks"),
    "beside": _("Side by side"),
    "parts": _("Parts by marker"),
    "classes": _("Classes"),
}
ALL = 0
TIMES = {0: _("all the time"), 7: _("last 7 days"), 30: _("last 30 days"), 120: _("last 4 months")}


def asked_for(ended: tuple[Lesson, ...]) -> list[int]:
    """The lessons of the address, `lessons=3,5`."""
    there = {lesson.id for lesson in ended}
    wanted = (number(one) for one in st.query_params.get("lessons", "").split(","))
    return [one for one in wanted if one is not None and one in there]


st.title(_("Compare"))
ended = store.lessons.ended()
if len(ended) < 2:
    st.write(_("With two lessons that are over, you can lay them side by side here, or follow a class over weeks."))
    offer_first_lesson()
    st.stop()

named = {one.id: one.name for one in store.classes.all(archived=True)}
chosen = asked_for(ended)
with st.container(horizontal=True, vertical_alignment="bottom"):
    way = st.segmented_control(
        _("What to compare"),
        list(WAYS),
        default="beside" if chosen else "weeks",
        format_func=WAYS.__getitem__,
        key="way",
        wrap=True,
    )
    days = st.selectbox(_("Time"), list(TIMES), format_func=TIMES.__getitem__, key="days", width=170)
    having = sorted({one.class_id for one in ended if one.class_id in named}, key=lambda one: named[one].casefold())
    class_id = ALL
    if having and way != "classes":
        first = ended[0].class_id if ended[0].class_id in having and not chosen else ALL
        options = [ALL, *having]
        class_id = st.selectbox(
            _("Class"),
            options,
            index=options.index(first),
            format_func=lambda one: named.get(one, _("all lessons")),
            key="class",
            width=220,
        )
since = datetime.now(UTC) - timedelta(days=days) if days else None
lessons = tuple(
    one for one in ended if (since is None or one.started_at >= since) and (class_id == ALL or one.class_id == class_id)
)
if not lessons:
    st.info(_("No lesson lies in this time. Choose a longer one."), icon=":material/event_busy:")
    st.stop()
if way == "beside":
    side_by_side(lessons, chosen, zone)
elif way == "parts":
    kinds(lessons, zone)
elif way == "classes":
    classes(lessons, named)
else:
    over_weeks(lessons, zone)
