"""Try a picture: a person drops or snaps one, and sees what the network makes of each face. Nothing is kept."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import resources
from app.model_charts import probability_bars
from app.palette import LOOKS
from monitor.domain import Box, Image
from monitor.errors import PictureError
from monitor.vision.stills import StillFace, StillReader, decode
from monitor.words import _, counted, percent

Picture = NDArray[np.uint8]
"""RGB, (height, width, 3)."""

KINDS = ["jpg", "jpeg", "png", "webp"]
FRAME = (0, 158, 115)
HEAT = np.array([213, 94, 0], dtype=np.float64)
ENLARGED = 5


def try_a_picture() -> None:
    words = {"upload": _("Upload"), "camera": _("Camera")}
    way = st.segmented_control(
        _("Where from"), list(words), default="upload", format_func=words.__getitem__, label_visibility="collapsed"
    )
    given = (
        st.camera_input(_("Take a picture of a face"))
        if way == "camera"
        else st.file_uploader(_("A picture with one face or several"), type=KINDS, max_upload_size=20)
    )
    st.caption(_("The picture stays in memory until you take it away or close this tab. It is written nowhere."))
    if given is None:
        for kept in ("still", "still_id"):
            st.session_state.pop(kept, None)
        return
    with st.spinner(_("Loading the network …")):
        reader = resources.still_reader()
    try:
        drawn, faces = _read_once(given.file_id, given.getvalue(), reader)
    except PictureError as error:
        st.error(str(error), icon="🖼️")
        return
    st.image(drawn, width=640, alt=counted("The picture, with {n} face", "The picture, with {n} faces", len(faces)))
    if not faces:
        none = _("{detector} finds no face. Try one that looks at the camera, in good light.")
        st.info(none.format(detector=reader.detector_name), icon="🔍")
        return
    for number, each in enumerate(faces):
        _show(number, each)
    st.caption(
        _(
            "Found by {detector}, scored by {network}. Orange: hiding this part lowers the probability of the "
            "likeliest emotion most (occlusion sensitivity, Zeiler and Fergus 2014)."
        ).format(detector=reader.detector_name, network=reader.network_name)
    )


def _read_once(file_id: str, content: bytes, reader: StillReader) -> tuple[Picture, list[StillFace]]:
    """The picture with its boxes, and its faces; a choice elsewhere on the page does not read it again.

    The session keeps the last one, in memory, until its page is closed. Raises PictureError.
    """
    if st.session_state.get("still_id") != file_id:
        with st.spinner(_("Reading the picture …")):
            image = decode(content)
            faces = reader.read(image)
        st.session_state["still"] = with_boxes(image, [each.face.box for each in faces]), faces
        st.session_state["still_id"] = file_id
    drawn, faces = st.session_state["still"]
    return drawn, faces


def _show(number: int, each: StillFace) -> None:
    (first, likely), (second, less) = each.scores.top(2)
    with st.container(border=True):
        seen, said = st.columns([1, 2], vertical_alignment="center")
        with seen.container(horizontal=True):
            cut = np.repeat(each.cut[:, :, np.newaxis], 3, axis=2)
            st.image(enlarged(cut), caption=_("what it was shown"), width=130)
            st.image(enlarged(heated(each.cut, each.looked)), caption=_("where it looked"), width=130)
        then = _("then {emotion} {share}").format(emotion=LOOKS[second].word, share=percent(less))
        said.markdown(f"## {LOOKS[first].label} {percent(likely)} · {then}")
        bars = probability_bars(each.scores)
        alt = _("A bar for each of the seven expressions")
        said.plotly_chart(bars, config={"displayModeBar": False}, key=f"bars-{number}", alt=alt)


def with_boxes(image: Image, boxes: list[Box]) -> Picture:
    """The picture in RGB with a frame around each face, three pixels and more wide."""
    drawn = np.ascontiguousarray(image[:, :, ::-1])
    width = max(3, max(image.shape) // 300)
    for box in boxes:
        left, top = max(0, round(box.x)), max(0, round(box.y))
        right, bottom = (max(0, round(side)) for side in (box.x + box.width, box.y + box.height))
        drawn[top : top + width, left:right] = drawn[max(0, bottom - width) : bottom, left:right] = FRAME
        drawn[top:bottom, left : left + width] = drawn[top:bottom, max(0, right - width) : right] = FRAME
    return drawn


def heated(cut: Picture, looked: NDArray[np.float64]) -> Picture:
    """A grey cut (side, side) with orange where `looked`, 0 … 1, is high."""
    share = 0.75 * looked[:, :, np.newaxis]
    return np.asarray(cut[:, :, np.newaxis] * (1 - share) + HEAT * share, dtype=np.uint8)


def enlarged(picture: Picture) -> Picture:
    return picture.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)
