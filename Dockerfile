# The service in a container: `docker build --tag expense-tracker .`, or `docker compose up` for all that it needs.
# With Sentry too: --build-arg REQUIREMENTS="-r requirements-redis.txt -r requirements-sentry.txt"; so for OpenTelemetry.
# Another base: --build-arg BASE=…, any image of Debian or Ubuntu with Python 3.11 to 3.14 and its venv.
ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=:all:
RUN python3 -m venv /opt/venv
COPY requirements.txt requirements-redis.txt requirements-sentry.txt requirements-opentelemetry.txt constraints.txt /tmp/
ARG REQUIREMENTS="-r requirements-redis.txt"
RUN cd /tmp && /opt/venv/bin/pip install --quiet $REQUIREMENTS \
    && /opt/venv/bin/pip uninstall --quiet --yes pip

FROM ${BASE}
# Where SQLite's file and the key are kept. With DATABASE_URL and SECRET_KEY nothing is written there.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin expenses \
    && install --directory --owner=expenses /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv
COPY manage.py gunicorn.conf.py ./
COPY expense_tracker expense_tracker
COPY accounts accounts
COPY expenses expenses
ENV PATH=/opt/venv/bin:$PATH DATA_DIR=/data PORT=8000
RUN python -m compileall -q .
USER expenses
EXPOSE 8000
HEALTHCHECK --interval=10s --start-period=30s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=3)"]
# No shell in between: SIGTERM reaches gunicorn, which finishes what runs.
CMD ["gunicorn"]
