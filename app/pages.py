"""Which pages there are, and for whom."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import for_pages, signed_in, uploads, webrtc  # noqa: F401 - see for_pages
from app.account_menu import account_menu
from app.guard import guarded
from app.language import choose_language, settle_language
from app.settling import settle
from monitor.people.accounts import Account, Role
from monitor.words import _

ADMINISTERS = (Role.ADMINISTRATOR,)
TEACHES = (*ADMINISTERS, Role.TEACHER)
SEES = (*TEACHES, Role.OBSERVER)
STYLE = """<style>
@font-face {
  font-family: "Coloured emoji";
  src: local("Apple Color Emoji"), local("Segoe UI Emoji"), local("Noto Color Emoji");
  unicode-range: U+1F300-1FAFF, U+23F8, U+23F3;
}
/* Streamlit writes white on the accent, which is too light for that in the dark theme. */
[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"] {color: light-dark(#fff, #0d1417);}
.block-container {padding-top: %srem; padding-bottom: 2rem;}
</style>"""


def show(join: str | None, check: bool = False) -> None:
    """A student's page for an address with `?join=` or `?check`, which leads nowhere else; else those of the account
    that is signed in, and for nobody the way to the entrance."""
    student = join is not None or check
    settle_language()
    with guarded():
        account = None if student else signed_in.who()
        st.set_page_config(
            page_title=_("Join the lesson") if student else _("Classroom mood"),
            page_icon="🙂",
            layout="centered" if account is None else "wide",
        )
        st.html(STYLE % (2 if student else 4.4))
        choose_language()
        pages = [_student_page(check)] if student else pages_of(account)
        page = st.navigation(pages, position="top" if len(pages) > 1 else "hidden")
        uploads.keep_in_memory()
        if account is not None:
            account_menu(account)
        with st.spinner(_("Loading the network …")):
            settle()
        page.run()


def _student_page(check: bool) -> Any:
    return st.Page("views/check.py", title=_("Check")) if check else st.Page("views/join.py", title=_("Join"))


def pages_of(account: Account | None) -> list[Any]:
    """As `docs/roles.md` says. Any other address leads to the first of them."""
    if account is None:
        return [st.Page("views/entrance.py", title=_("Sign in"))]
    own = [page for roles, page in _every_page() if account.role in roles]
    return own or [st.Page("views/waiting.py", title=_("No role yet"))]


def _every_page() -> list[tuple[tuple[Role, ...], Any]]:
    """With the roles that have it."""
    return [
        (SEES, st.Page("views/live.py", title=_("Live"), icon=":material/sensors:", default=True)),
        (TEACHES, st.Page("views/room.py", title=_("Room camera"), icon=":material/videocam:")),
        (TEACHES, st.Page("views/start.py", title=_("Start a lesson"), icon=":material/add_circle:")),
        (TEACHES, st.Page("views/classes.py", title=_("Classes"), icon=":material/groups:")),
        (SEES, st.Page("views/lessons.py", title=_("Lessons"), icon=":material/list:")),
        (TEACHES, st.Page("views/recordings.py", title=_("Recordings"), icon=":material/movie:")),
        (SEES, st.Page("views/report.py", title=_("Report"), icon=":material/query_stats:")),
        (SEES, st.Page("views/compare.py", title=_("Compare"), icon=":material/stacked_line_chart:")),
        (TEACHES, st.Page("views/models.py", title=_("Models"), icon=":material/neurology:")),
        ((Role.STUDENT,), st.Page("views/mine.py", title=_("My lessons"), icon=":material/person:")),
        (ADMINISTERS, st.Page("views/administration.py", title=_("Administration"), icon=":material/shield_person:")),
    ]
