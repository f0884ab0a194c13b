"""The dashboard: `streamlit run app/main.py`."""

import sys
from pathlib import Path

# Streamlit puts this file's folder on the path; our packages lie one above.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit as st

from app import entrance, observing
from app.headers import headers

dashboard = st.App(
    "dashboard.py", routes=[*entrance.routes(), *observing.routes()], middleware=headers(), lifespan=entrance.opening
)
