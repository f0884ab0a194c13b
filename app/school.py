"""The school's own sign-in, as the settings say."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app.process import settings
from monitor.people.provider import Metadata, Provider


def provider() -> Provider | None:
    """The school's own sign-in; None where there is none."""
    own = settings()
    if not own.oidc_issuer:
        return None
    return Provider(own.oidc_issuer, own.oidc_client_id, own.oidc_client_secret.get_secret_value(), own.oidc_groups)


def provider_name() -> str:
    """What people call it; empty where there is none."""
    own = settings()
    return own.oidc_issuer and (own.oidc_name or urlsplit(own.oidc_issuer).hostname or "")


@st.cache_resource(show_spinner=False, ttl=600)
def provider_metadata(issuer: str) -> Metadata:
    """What it says of itself, as of ten minutes ago at most. Raises NotSignedIn."""
    # Not above: the start of a server would wait for it, and few schools have one.
    from monitor.people.provider_answers import metadata

    own = provider()
    assert own is not None
    assert own.issuer == issuer
    return metadata(own)
