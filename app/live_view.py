"""The parts of the live page that change by themselves."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import resources
from app.alerts_view import banner
from app.charts import shares_area
from app.class_view import class_headline, class_only_told
from app.guard import guarded
from app.marker_lines import marked
from app.palette import LOOKS
from app.tiles import tiles
from monitor.domain import Lesson
from monitor.errors import MonitorError
from monitor.insight.mood import ClassNow, class_now, recent_course, signed
from monitor.insight.students import Seen, StudentNow, students_now, unnamed_visible
from monitor.insight.timeline import Timeline
from monitor.insight.watching import SETTLED_S
from monitor.insight.written import clock
from monitor.live.load import Counts
from monitor.live.rounds import GATHER_S, rounds_a_second
from monitor.people.rights import Right
from monitor.vision.classification import Scoring
from monitor.words import _, counted, later, number, percent

FIGURES_S = 1.0
SPAN = timedelta(minutes=10)
COURSE_S = 5.0  # a window of the chart over that span
KEPT_AFTER = timedelta(seconds=2)  # by then the last second of a window is in the store
PLENTY = 0.75  # of the frames that were to be read
ORDERS = (later("by name"), later("most changed"), later("lost first"))


@dataclass(frozen=True)
class Places:
    """What stands above the chart, which is drawn less often than what is in them."""

    headline: DeltaGenerator
    trouble: DeltaGenerator
    mood: DeltaGenerator


def live_view(lesson: Lesson) -> None:
    headline, trouble = st.empty(), st.empty()
    mood, course = st.columns([1, 4], gap="medium")
    # At once: until they are filled, these places are empty.
    _figures(lesson, Places(headline, trouble, mood.empty()))
    with course:
        _course(lesson)


@st.fragment(run_every=COURSE_S)
def _course(lesson: Lesson) -> None:
    """Apart: each second, it would be most of what the page costs, and of what is sent to it."""
    # What the figures below say of an error need not be said here as well.
    with guarded(), suppress(MonitorError):
        resources.require(lesson.id, Right.FIGURES)
        now, zone = resources.now(), resources.zone()
        timeline = resources.follower(lesson.id).refresh(now)
        if not timeline.lesson.running:
            return
        markers = resources.markers(lesson.id)
        course = recent_course(timeline, timeline.as_of(now) if timeline.class_only else now - KEPT_AFTER, SPAN)
        figure = marked(shares_area(course, zone, height=270), course, markers, zone)
        st.plotly_chart(figure, key="course", alt=_("Expression shares over time"), config={"displayModeBar": False})


@st.fragment(run_every=FIGURES_S)
def _figures(lesson: Lesson, places: Places) -> None:
    with guarded():
        resources.require(lesson.id, Right.FIGURES)
        now = resources.now()
        timeline = resources.follower(lesson.id).refresh(now)
        if not timeline.lesson.running:
            st.info(_("This lesson is over."), icon="🏁")
            return
        told = timeline.as_of(now)
        state, students = class_now(timeline, told), students_now(timeline, now)
        places.headline.markdown(
            class_headline(timeline, now) if timeline.class_only else _headline(timeline, students, now)
        )
        with places.trouble.container():
            _tell_of_trouble()
            _tell_of_load()
        with places.mood.container(border=True):
            _mood(state, timeline.class_only)
        # What the rules watch is in the store by then.
        look_at = told + timedelta(seconds=SETTLED_S) if timeline.class_only else now
        banner(resources.watcher(lesson.id).look(timeline, resources.markers(lesson.id), look_at), now)
        if timeline.class_only:
            class_only_told()
            return
        if not resources.may(lesson.id, Right.NAMES):
            return
        # Who would rather not be measured is among those who have not joined: that is a number, not a list.
        joined = tuple(one for one in students if one.seen is not Seen.WAITING)
        if joined:
            order = st.segmented_control(
                _("Sort"), ORDERS, default=ORDERS[0], format_func=_, key="order", label_visibility="collapsed"
            )
            # Not st.html, which strips the sparklines' SVG; every name in it is escaped.
            st.markdown(tiles(_sorted(joined, order or ORDERS[0])), unsafe_allow_html=True)
        else:
            st.info(_("Nobody has joined yet. Open the **join card** and show it to the class."), icon="🪑")
        st.caption(_corner(resources.classroom().counts))


def _headline(timeline: Timeline, students: tuple[StudentNow, ...], now: datetime) -> str:
    joined = [one for one in students if one.seen not in (Seen.WAITING, Seen.LEFT)]
    visible = sum(one.seen is Seen.FACE for one in joined)
    lost = sum(one.seen is Seen.LOST for one in joined)
    paused = sum(one.seen is Seen.PAUSED for one in joined)
    parts = [
        ":green[●] **" + _("live") + f"** {clock(timeline.lesson.duration(now))}",
        _("{joined} of {all} joined").format(joined=len(joined), all=len(students)),
        counted("**{n}** face visible", "**{n}** faces visible", visible),
    ]
    unnamed = unnamed_visible(timeline, now)
    parts += [counted("{n} more without a name", "{n} more without a name", unnamed)] if unnamed else []
    parts += ["⏸ " + _("{n} paused").format(n=paused)] if paused else []
    refused = resources.unmeasured(timeline.lesson.id)
    parts += [_("{n} not measured by their choice").format(n=refused)] if refused else []
    parts += [":orange[📡 " + _("{n} lost").format(n=lost) + "]"] if lost else []
    return "  ·  ".join(parts)


def _mood(state: ClassNow, class_only: bool) -> None:
    if state.mood is None or state.top is None:
        st.metric(_("Mood now"), "–", help=_("p(happy) − max(p(angry), p(disgust), p(fear), p(sad)) of the class"))
        st.caption(_("No figure yet.") if class_only else _("No face is visible yet."))
        return
    st.metric(
        _("Mood now, −1 … +1"),
        f"{LOOKS[state.top].emoji} {signed(state.mood)}",
        help=_(
            "p(happy) − max(p(angry), p(disgust), p(fear), p(sad)) of the class mean over the last 10 s. "
            "It says what faces look like, not what anybody feels or understands."
        ),
    )
    trend = state.direction
    st.markdown(f"**{_(trend)} {trend.arrow}** " + _("(5 min)") if trend.arrow else _("trend: after 6 minutes"))
    if state.agreement is not None:
        agreed = _("agreement {value}").format(value=number(state.agreement))
        faces = "" if class_only else " · " + counted("{n} face", "{n} faces", state.visible)
        st.caption(agreed + faces)


def _sorted(students: tuple[StudentNow, ...], order: str) -> list[StudentNow]:
    by_name = sorted(students, key=lambda one: one.student.name.casefold())
    if order == "most changed":
        return sorted(by_name, key=lambda one: -abs(one.change or 0.0))
    if order == "lost first":
        urgency = (Seen.LOST, Seen.NO_FACE, Seen.PAUSED, Seen.FACE, Seen.WAITING, Seen.LEFT)
        return sorted(by_name, key=lambda one: urgency.index(one.seen))
    return by_name


def _tell_of_trouble() -> None:
    keeping = resources.classroom().keeping
    if keeping.problem is not None:
        st.warning(
            _(
                "The database does not take new samples just now. {waiting} samples wait in memory and are stored when "
                "it is back"
            ).format(waiting=keeping.waiting)
            + (_("; {n} are lost").format(n=keeping.lost) if keeping.lost else "")
            + ".",
            icon="🗄️",
        )


def _tell_of_load() -> None:
    room = resources.classroom()
    if room.load.full:
        each = number(1 / (room.load.round_s + GATHER_S), ".1f")
        st.warning(
            _(
                "The server is full: of each camera {each} pictures a second are read. All who are in stay measured; "
                "new cameras have to wait."
            ).format(each=each),
            icon="🚦",
        )


def _corner(counts: Counts) -> str:
    """Frames a second since the last look, drops, time a frame, and what is at work."""
    room = resources.classroom()
    now = time.monotonic()
    before, then = st.session_state.get("counts", (counts, now - 1))
    st.session_state["counts"] = (counts, now)
    lately, read = counts.since(before), counts.read - before.read
    each = " · " + _("{ms} ms a frame").format(ms=round(1000 * lately.busy_s / read)) if read else ""
    failed = " · " + _("{n} failed").format(n=counts.failed) if counts.failed else ""
    told = frames_told(lately, max(0.2, now - then), len(room.streams), bool(room.rooms_of))
    whole = f"{told}{each}{failed} · {room.detector_name} · {room.network_name}{_where_scored(room.scoring)}"
    replicas = resources.settings().replicas
    return whole if replicas == 1 else _("this one of {n} dashboards: {figures}").format(n=replicas, figures=whole)


def frames_told(lately: Counts, seconds: float, streams: int, room: bool = False) -> str:
    """Of so many seconds. What a large class sends beyond what is needed is called dropped when time runs out only."""
    received, read = round(lately.received / seconds), round(lately.read / seconds)
    planned = seconds * streams * rounds_a_second(streams, room)
    if PLENTY * planned < lately.read and planned < lately.received:
        told = _("{received} frames/s received · {read} read, as many as are needed")
        return told.format(received=received, read=read)
    dropped = percent(lately.dropped / lately.received if lately.received else 0.0)
    told = _("{received} frames/s received · {read} read · {dropped} dropped")
    return told.format(received=received, read=read, dropped=dropped)


def _where_scored(scoring: Scoring) -> str:
    """Nothing where no cluster is set."""
    if not scoring.wanted:
        return ""
    return " · " + (_("scored on the cluster") if scoring.there else _("scored here, as the cluster does not answer"))
