"""The dashboard: `streamlit run app/main.py`."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

# Streamlit puts this file's folder on the path; our packages lie one above.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# What is imported stays: looking through it for garbage, over and over, is a fifth of the time that it takes.
gc.disable()

import streamlit as st

from app import entrance, observing, settling, whip
from app.headers import headers
from app.upload_door import upload_door


@asynccontextmanager
async def living(app: Any) -> AsyncIterator[None]:
    async with entrance.opening(app):
        settling.get_ready()
        yield
    await whip.close_all()


routes = [*entrance.routes(), *observing.routes(), *whip.routes()]
middleware = [*headers(), *upload_door()]
dashboard = st.App("dashboard.py", routes=routes, middleware=middleware, lifespan=living)
