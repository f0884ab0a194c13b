"""Classes: all of them, or one with its roster."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from app import resources
from app.decisions import decide, remember, say_remembered
from app.guardians import guardians
from app.names_form import ask_names, read_names
from app.notice_view import notice_button
from app.plain import plain
from app.retention_form import retention
from app.roster_view import add_students, guests, roster
from app.sharing import sharing
from app.trail import note
from monitor.domain import student_name
from monitor.errors import LessonError
from monitor.people.audit import Action
from monitor.store.classes import ClassFigures
from monitor.teaching import SchoolClass
from monitor.words import _, counted, day

store, zone = resources.store(), resources.zone()


def show_all(every: Sequence[ClassFigures]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(_("Classes"), width="stretch")
        notice_button()
    if st.query_params.get("class"):
        st.warning(_("There is no such class; it may have been deleted."))
    say_remembered()
    here = [one for one in every if not one.school_class.archived]
    archived = [one for one in every if one.school_class.archived]
    if not here:
        st.write(_("A class keeps its students over all of its lessons: type their names, paste them or upload a CSV."))
    for one in here:
        row(one)
    with st.expander(_("New class"), icon=":material/add_circle:", expanded=not here):
        create()
    if archived:
        with st.expander(_("Archive ({n})").format(n=len(archived)), icon=":material/inventory_2:"):
            for one in archived:
                row(one)


def row(one: ClassFigures) -> None:
    name = one.school_class.name
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}**  \n{facts(one)}", width="stretch")
        if st.button(_("Open {name}").format(name=plain(name)), key=f"open-{one.school_class.id}"):
            go_to(one.school_class.id)


def facts(one: ClassFigures) -> str:
    parts = [
        counted("{n} student", "{n} students", one.students),
        counted("{n} lesson", "{n} lessons", one.lessons),
    ]
    if one.last_lesson_at is not None:
        parts.append(_("last on {date}").format(date=day(one.last_lesson_at.astimezone(zone))))
    if not one.school_class.guests:
        parts.append(_("no guests"))
    return " · ".join(parts)


def create() -> None:
    with st.form("class", border=False):
        name = st.text_input(_("Name of the class"), placeholder="7b", max_chars=60)
        text, file = ask_names("class")
        may = st.toggle(_("Guests may join its lessons"), value=True)
        wanted = st.form_submit_button(_("Create the class"), type="primary", width="stretch")
    if not wanted:
        return
    try:
        student_name(name)
        found = read_names(text, file)
        own = store.classes.create(name, datetime.now(UTC), guests=may)
        store.classes.add_members(own.id, found.names)
    except LessonError as error:
        st.error(str(error))
        return
    told = counted("The class has {n} student.", "The class has {n} students.", len(found.names))
    remember(told, found.passed_over)
    go_to(own.id)


def go_to(class_id: int | None) -> None:
    if class_id is None:
        st.query_params.pop("class", None)
    else:
        st.query_params["class"] = str(class_id)
    st.rerun()


def wanted_class(every: Sequence[ClassFigures]) -> ClassFigures | None:
    """The class of the address; None where that names none, or one that was deleted."""
    wanted = st.query_params.get("class", "")
    return next((one for one in every if str(one.school_class.id) == wanted), None)


def show(known: ClassFigures) -> None:
    own = known.school_class
    if st.button(_("All classes"), icon=":material/arrow_back:", type="tertiary"):
        go_to(None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(plain(own.name), width="stretch")
        if not own.archived and st.button(_("Start a lesson"), type="primary", icon=":material/play_arrow:"):
            st.switch_page("views/start.py", query_params={"class": str(own.id)})
        if st.button(_("Its lessons"), icon=":material/list:", disabled=not known.lessons):
            st.switch_page("views/lessons.py", query_params={"class": str(own.id)})
    st.caption(facts(known))
    say_remembered()
    if own.archived:
        st.info(_("This class is in the archive: it is offered for no new lesson."), icon="🗃️")
    figures = store.members.figures(own.id)
    here = [one.member for one in figures if not one.member.archived]
    people, settings = st.columns([2, 1], gap="large")
    with people:
        roster(own, figures)
        st.subheader(_("Add students"))
        add_students(own)
        guests(own, here)
        guardians(own, here)
    with settings:
        change(own)
        sharing(own)


def change(own: SchoolClass) -> None:
    st.subheader(_("This class"))
    with st.form("rename"):
        name = st.text_input(_("Name"), value=own.name, max_chars=60)
        if st.form_submit_button(_("Rename the class"), width="stretch"):
            rename(own, name)
    key = f"guests-{own.id}"
    st.toggle(
        _("Guests may join"),
        value=own.guests,
        key=key,
        help=_("What a new lesson of this class begins with. A guest joins under a name that is not on the roster."),
        on_change=let_guests,
        args=(own.id, key),
    )
    retention(own)
    if own.archived:
        if st.button(_("Out of the archive"), icon=":material/unarchive:", width="stretch"):
            store.classes.restore(own.id)
            st.rerun()
        if st.button(_("Delete the class"), icon=":material/delete:", width="stretch"):
            ask_to_delete(own)
    elif st.button(_("Into the archive"), icon=":material/archive:", width="stretch"):
        store.classes.archive(own.id, datetime.now(UTC))
        st.rerun()
    st.caption(_("The names on a roster are kept until you delete them."))


def let_guests(class_id: int, key: str) -> None:
    store.classes.let_guests(class_id, bool(st.session_state[key]))


def rename(own: SchoolClass, name: str) -> None:
    try:
        remember(_("The class is now called {name}.").format(name=plain(store.classes.rename(own.id, name).name)))
    except LessonError as error:
        st.error(str(error))
        return
    st.rerun()


@st.dialog(_("Delete this class?"))
def ask_to_delete(own: SchoolClass) -> None:
    st.markdown(
        _("The roster of **{name}** is deleted for good. Its lessons stay, as lessons of no class.").format(
            name=plain(own.name)
        )
    )

    def delete() -> str:
        store.classes.delete(own.id)
        note(Action.DELETE, "class", own.id)
        st.query_params.pop("class", None)
        return own.name

    decide(_("Delete for good"), delete, _("{name} was deleted."), _("Keep"))


classes = store.classes.figures()
chosen = wanted_class(classes)
if chosen is None:
    show_all(classes)
    st.stop()
show(chosen)
