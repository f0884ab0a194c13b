"""The report of one lesson: what it came to, how sure that is, and its files."""

import streamlit as st

from app import resources
from app.addresses import asked_number
from app.class_view import class_only_told
from app.compared import sum_up
from app.downloads import EXCEL, downloads, file_stem
from app.levels import level_button
from app.marker_editor import markers_leaf
from app.marker_effects import marker_effects
from app.report_view import how_sure, overview, students
from app.sample import offer_first_lesson
from app.student_view import student_page
from app.trail import left_student, note_view
from app.workbook import ordered
from monitor.domain import Lesson
from monitor.errors import UnknownCode
from monitor.insight.student_report import student_report
from monitor.insight.written import clock, percent, students_measured
from monitor.people.rights import Right
from monitor.store.seen import refused
from monitor.words import _, day_and_time

store, zone = resources.store(), resources.zone()


def wanted_lesson() -> Lesson | None:
    """The lesson of the address, else the newest that ended."""
    wanted = asked_number("lesson")
    if wanted is not None:
        try:
            return store.lessons.get(wanted)
        except UnknownCode as error:
            st.warning(str(error))
    ended = store.lessons.ended()
    return ended[0] if ended else None


lesson = wanted_lesson()
if lesson is None:
    st.title(_("No lesson to report yet"))
    st.write(_("When a lesson has ended, you will read here how its mood went, with the figures for each student."))
    offer_first_lesson()
    st.stop()

with st.spinner(_("Reading the lesson …")):
    timeline, found = resources.reported(lesson)

names, edits = resources.may(lesson.id, Right.NAMES), resources.may(lesson.id, Right.EDIT)
wanted, number = st.query_params.get("student", ""), asked_number("student")
if wanted and not names:
    raise refused()
one = student_report(timeline, number) if number is not None else None
if one is not None:
    note_view(lesson.id, one.student.id)
    student_page(one, timeline, zone)
    st.stop()
left_student()
if wanted:
    st.warning(_("This lesson has no student with the number {number}.").format(number=wanted))

title, files = st.columns(2, vertical_alignment="bottom")
title.title(lesson.title)
with files, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
    if edits:
        level_button(lesson)
    if names:
        downloads(found, timeline, zone)
if names:
    ordered(lesson.id, EXCEL)
if lesson.made_up:
    st.info(_("This lesson was made up by a program. Nobody was measured."), icon="🧪")
if lesson.running:
    st.info(_("This lesson is still running; the report is of what was kept so far."), icon="🔴")
started = lesson.started_at.astimezone(zone)
facts = [day_and_time(started), clock(found.duration), students_measured(lesson.shown, found.measured)]
if found.face_visible is not None:
    facts.append(_("face visible {share}").format(share=percent(found.face_visible)))
st.caption(" · ".join(facts))
st.markdown(f"##### {found.sentence(zone)}")
if found.empty:
    st.write(_("No camera was on in this lesson, so there is nothing to draw.") if not found.left_out else "")
    st.stop()

alone = timeline.class_only
leaves = [_("Overview"), *([] if alone else [_("Students")]), _("Markers"), _("How sure is this?")]
tabs = iter(st.tabs(leaves))
with next(tabs):
    overview(found, zone, timeline.markers)
    if alone:
        class_only_told()
if not alone:
    with next(tabs):
        if names:
            students(found, zone, timeline.markers)
        else:
            st.caption(_("Single students are shown to who teaches this class only."))
with next(tabs):
    marker_effects(found.effects, zone, file_stem(lesson, zone), alone)
    if edits:
        markers_leaf(lesson, zone)
with next(tabs):
    how_sure(found)
if not lesson.running:
    # Ready for the comparison, now that the page is drawn.
    sum_up([lesson])
