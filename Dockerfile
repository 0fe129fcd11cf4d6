# One image for web, worker and beat; compose.yaml says which one a container is.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-input -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1 DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /data factcheck && install -d -o factcheck -g factcheck /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY factcheck factcheck
COPY articles articles
COPY reviews reviews
COPY templates templates
COPY locale locale
USER factcheck
VOLUME /data
EXPOSE 8000
# /healthz is exempt from the redirect to https, so the check needs no certificate; the host is one it allows.
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ.get('ALLOWED_HOSTS', '127.0.0.1').split(',')[0]}), timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "factcheck.wsgi:application"]
