"""Recorded lessons: upload videos, watch the queue, open the report of what is done."""

from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app import resources
from app.recordings_view import queue_view
from app.uploads import largest_megabytes, take
from monitor.errors import MonitorError
from monitor.live.analysis import Recording, stem
from monitor.words import _, counted

KINDS = ["mp4", "mov", "m4v", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "3gp", "flv", "wmv"]
store, queue, zone = resources.store(), resources.recordings(), resources.zone()


def details(uploads: list[UploadedFile]) -> tuple[str, str | None, int | None, datetime | None]:
    """Title, student, class and beginning; title and student are for one video only, else its file's name serves. No
    student: all who can be seen."""
    many = st.toggle(_("Several people can be seen"), help=told_of_many())
    title = student = ""
    if len(uploads) == 1:
        one, other = st.columns(2)
        title = one.text_input(_("Title"), placeholder=stem(uploads[0].name, 120), max_chars=120)
        if not many:
            student = other.text_input(_("Student in the video"), placeholder=stem(uploads[0].name), max_chars=60)
    classes = {each.id: each.name for each in store.classes.all()}
    one, other = st.columns(2)
    chosen = one.selectbox(
        _("Class"), list(classes), index=None, format_func=classes.__getitem__, placeholder=_("no class")
    )
    began = None
    if len(uploads) == 1:
        began = other.datetime_input(
            _("Began at"),
            value=None,
            help=_("Empty: as the video itself says; one that says nothing counts as having ended just now."),
        )
    return title, None if many else student, chosen, began.replace(tzinfo=zone) if began else None


def told_of_many() -> str:
    return _(
        "Of one person, the largest face counts. Of several, each face is followed and numbered, as before a room's "
        "camera, and counts for the class; who leaves the picture for long comes back as another number."
    )


def add(
    uploads: list[UploadedFile], title: str, student: str | None, class_id: int | None, began: datetime | None
) -> None:
    """Raises MonitorError for the first one that cannot be added; those before it are in the queue."""
    owner_id = resources.maker(class_id)
    for upload in uploads:
        name = None if student is None else student or stem(upload.name)
        if class_id is not None:
            store.consents.refuse_recording(class_id, name)
        queue.add(
            Recording(
                take(upload),
                title or stem(upload.name, 120),
                name,
                datetime.now(UTC),
                began,
                class_id,
                owner_id=owner_id,
            )
        )


st.title(_("Recordings"))
st.write(
    _(
        "A video of a lesson becomes a lesson like any other, with a report at the video's own times. "
        "**The video is read in memory and written nowhere; only scores are kept.**"
    )
)
# A new key is a new, empty uploader.
round_ = st.session_state.setdefault("recordings_round", 0)
uploads = st.file_uploader(
    _("Videos of one person or of several"),
    type=KINDS,
    accept_multiple_files=True,
    max_upload_size=largest_megabytes(),
    key=f"recordings-{round_}",
)
limits = _("Up to {megabytes} MB and {minutes} minutes each. For larger files: “python -m monitor analyse VIDEO”.")
st.caption(limits.format(megabytes=largest_megabytes(), minutes=round(queue.longest_s / 60)))
if uploads:
    wanted = details(uploads)
    agreed = st.checkbox(
        _("Everybody who can be seen, or a parent, was asked and agrees that expressions are measured in this video."),
        key=f"agreed-{round_}",
    )
    label = counted("Analyse {n} video", "Analyse {n} videos", len(uploads))
    if st.button(label, type="primary", icon=":material/movie:", disabled=not agreed):
        try:
            resources.may_measure()
            add(uploads, *wanted)
        except MonitorError as error:
            st.error(str(error))
            st.stop()
        st.session_state["recordings_round"] = round_ + 1
        st.rerun()
queue_view()
