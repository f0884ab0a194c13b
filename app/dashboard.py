"""What every visitor gets: this script runs for each look at a page."""

import streamlit as st

from app.pages import show

show(st.query_params.get("join"), check="check" in st.query_params)
