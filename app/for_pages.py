"""All that any page imports, so that `settle` finds it there, and the first page need not wait for it.

But for the camera: a component of streamlit-webrtc's that is declared outside of a page's run is served to nobody.
"""

from __future__ import annotations

from app import (  # noqa: F401
    accounts_view,
    all_lessons_view,
    audit_view,
    check_view,
    compare_view,
    join_card,
    live_view,
    marker_bar,
    marker_editor,
    model_card_view,
    own_picture,
    picture_view,
    purpose_view,
    recordings_view,
    report_view,
    resources,
    retention_form,
    room_view,
    roster_account,
    roster_view,
    running_lesson,
    sample,
    self_view,
    sharing,
    student_view,
    tour,
)
