"""The dashboard: `streamlit run app/main.py`."""

import sys
from pathlib import Path

# Streamlit puts this file's folder on the path; our packages lie one above.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit as st

from app.entrance import opening, routes
from app.headers import headers
from app.upload_door import upload_door

dashboard = st.App("dashboard.py", routes=routes(), middleware=[*headers(), *upload_door()], lifespan=opening)
