# The dashboard; `docker compose up` builds it. With --target ray: the same with Ray, for scoring on other machines.
FROM python:3.11-slim-bookworm AS dashboard

WORKDIR /app
COPY requirements.txt ./
# What a running dashboard needs stands above the line of the zoo; training and tests stay out of the image.
RUN sed '/^# The model zoo/,$d' requirements.txt > dashboard.txt \
 && pip install --no-cache-dir -r dashboard.txt

COPY app ./app
COPY monitor ./monitor
COPY model_zoo ./model_zoo
COPY .streamlit ./.streamlit
# Compiled here, as nothing can be written later. Without a network the Haar cascade takes YuNet's place.
RUN python -m compileall -q app monitor model_zoo \
 && python -m monitor fetch-detector --quiet

# What is written goes to the database, and what is passing to /tmp, which is memory.
ENV HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app/main.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]

FROM dashboard AS ray
USER 0:0
RUN grep '^ray' requirements.txt > ray.txt \
 && pip install --no-cache-dir -r ray.txt
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/-/healthz', timeout=4)"]
# One machine by itself; the dashboards of the same network find it at port 8000.
CMD ["python", "-m", "monitor", "serve-scoring", "--head=127.0.0.1:6379", "--ip=127.0.0.1", "--host=0.0.0.0", "--port=8000"]
