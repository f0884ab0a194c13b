"""For whoever is not signed in: the way to the entrance, which is no page of Streamlit's."""

from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from app import resources
from monitor.words import _

# The form sets a cookie, so the whole page is left for it.
LINKS = (
    '<p><a href="{address}">{sign_in}</a> · <a href="/?join=">{code}</a></p>'
    '<script>window.location.replace("{address}")</script>'
)


def sign_in_address() -> str:
    """Leads back to the page that was asked for."""
    page = urlsplit(st.context.url or "").path.rsplit("/", 1)[-1]
    wanted = urlencode({key: value for key, value in st.query_params.items() if key != "lang"})
    return "/sign-in?next=" + quote(f"/{page}" + (f"?{wanted}" if wanted else ""), safe="")


st.title(_("Classroom mood"))
if not resources.whole_store().accounts.administered():
    st.write(
        _(
            "This dashboard is new: nobody can sign in yet. **Open the link that stands in the terminal** in which it "
            "was started; it makes you its administrator. Whoever starts it again gets a new link."
        )
    )
    st.stop()
st.write(_("Teachers sign in. Students open the link of their lesson, or type its code."))
st.html(
    LINKS.format(address=sign_in_address(), sign_in=_("Sign in"), code=_("I have a code")),
    unsafe_allow_javascript=True,
)
