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
RUN pip install --no-cache-dir "ray[serve]>=2.60,<3"
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["ray", "health-check"]
CMD ["ray", "start", "--head", "--block", "--port=6379", "--temp-dir=/tmp/ray", "--disable-usage-stats", "--include-dashboard=false"]
