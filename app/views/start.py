"""Starts a lesson: a title, perhaps a class or a list of names, then the join card."""

from typing import Any

import streamlit as st

from app import resources
from app.addresses import asked_number
from app.alerts_view import alerts_button
from app.decisions import remember, say_remembered
from app.join_card import join_card
from app.levels import choose_level
from app.names_form import ask_names, read_names
from app.plain import plain
from monitor.domain import Lesson, Shown, student_name
from monitor.errors import LessonError, NoGuests, UnknownCode
from monitor.people.purpose import EXPLAINED
from monitor.people.roster import Roster
from monitor.store.lessons import lesson_title
from monitor.teaching import SchoolClass
from monitor.words import _, counted, day

store, room = resources.store(), resources.classroom()
NO_CLASS, NEW_CLASS = 0, -1


def started() -> Lesson | None:
    """The lesson that was started here, as long as it runs."""
    if "started" not in st.session_state:
        return None
    try:
        lesson = store.lessons.get(st.session_state["started"])
    except UnknownCode:
        return None
    return lesson if lesson.running else None


def start(title: str, own: int, new_class: str, found: Roster, guests: bool, shown: Shown) -> None:
    """`own`: a class's number, NO_CLASS or NEW_CLASS."""
    now = resources.now()
    if not guests and not (found.names if own <= 0 else store.classes.members(own)):
        raise NoGuests(_("Nobody could join: no name is on the list, and guests may not. Please allow one of the two."))
    lesson_title(title)  # before a class is made for it
    if own == NEW_CLASS:
        own = store.classes.create(new_class, now, guests).id
        store.classes.add_members(own, found.names)
    class_id = None if own == NO_CLASS else own
    lesson = store.lessons.start(
        title, now, room.network_name, room.detector_name, class_id=class_id, guests=guests, shown=shown
    )
    if class_id is None:
        store.people.invite(lesson.id, found.names, now)
    else:
        store.people.invite_roster(lesson.id, now)
    st.session_state["started"] = lesson.id
    if found.passed_over:
        remember(_("The lesson has started."), found.passed_over)
    st.rerun()


def choose_class(classes: dict[int, SchoolClass]) -> int:
    wanted = asked_number("class")
    options = [NO_CLASS, *classes, NEW_CLASS]
    words = {NO_CLASS: _("No class"), NEW_CLASS: _("A new class …")}
    return st.selectbox(
        _("Class"),
        options,
        index=options.index(wanted) if wanted in classes else 0,
        format_func=lambda key: words.get(key) or classes[key].name,
    )


def ask_students(own: int) -> tuple[str, str, Any]:
    """The name of a new class, and the names of students as text and as a file."""
    if own > 0:
        invited = len(store.classes.members(own))
        if invited:
            told = counted("{n} student of its roster is invited.", "{n} students of its roster are invited.", invited)
            st.caption(told)
        else:
            st.caption(_("Nobody is on its roster yet; the page “Classes” takes the names."))
        return "", "", None
    if own == NEW_CLASS:
        name = st.text_input(_("Name of the class"), placeholder="7b", max_chars=60)
        return name, *ask_names("new-class")
    text = st.text_area(
        _("Students, one a line (optional)"),
        placeholder="Ada Lovelace\nBen Ahmed\n…",
        help=_("Students can then pick their name."),
        height=150,
    )
    return "", text, None


lesson = started()
if lesson is not None:
    st.title(lesson.title)
    say_remembered()
    join_card(lesson)
    go, another = st.columns([3, 1])
    if go.button(_("To the live view"), type="primary", icon=":material/sensors:", width="stretch"):
        st.switch_page("views/live.py", query_params={"lesson": str(lesson.id)})
    if another.button(_("Start another lesson"), width="stretch"):
        del st.session_state["started"]
        st.rerun()
    st.stop()

st.title(_("Start a lesson"))
stated = resources.stated()
if stated is None:
    st.warning(
        _(
            "No camera can be started yet: nobody has said where and for what this installation is used. An "
            "administrator does so on the page “Administration”."
        ),
        icon=":material/videocam_off:",
    )
form, told = st.columns([3, 2], gap="large")
with form:
    classes = {one.id: one for one in store.classes.all()}
    own = choose_class(classes)
    with st.form("lesson"):
        title = st.text_input(_("Title"), placeholder=_("Fractions"), max_chars=120)
        new_class, names, file = ask_students(own)
        guests = st.toggle(
            _("Guests may join"),
            value=own <= 0 or classes[own].guests,
            key=f"guests-{own}",
            help=_("A guest joins under a name that is not on the list of this lesson."),
        )
        shown = choose_level()
        wanted = st.form_submit_button(_("Start"), type="primary", icon=":material/play_arrow:", width="stretch")
with told:
    st.markdown(
        _(
            "Students join with a link, a short code or a QR code, read what is measured, and switch their camera on "
            "themselves. **Only scores are kept, never a picture.**"
        )
    )
    st.caption(
        _("Faces are found by {detector} and scored by the network {network}.").format(
            detector=room.detector_name, network=room.network_name
        )
    )
    st.caption(
        _(
            "In the European Union, Article 5(1)(f) of the AI Act prohibits inferring emotions in schools, except for "
            "medical or safety reasons."
        )
    )
    if stated is not None:
        st.caption(
            _("Used for: {purpose} ({author}, {date}).").format(
                purpose=_(EXPLAINED[stated.purpose]), author=plain(stated.author), date=day(stated.at.date())
            )
        )
    alerts_button()
if wanted:
    try:
        for line in filter(str.strip, names.splitlines()):
            student_name(line)  # a typed name that cannot be kept is worth another look before the lesson
        start(title, own, new_class, read_names(names, file), guests, shown)
    except LessonError as error:
        form.error(str(error))
