# Three stages: the wheel with the browser client, the packages it needs, and what is shipped.
# Each step is a program and its arguments, so that no shell reads them; steps stay apart for that.
# hadolint global ignore=DL3059

FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY . .
# Node.js comes from PyPI as a build requirement and stays in this stage.
RUN ["pip", "wheel", "--no-deps", "--wheel-dir", "/wheels", "."]

FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN ["python", "-m", "venv", "--without-pip", "/opt/echosphere"]
# The dependencies change less often than the product: a layer of their own keeps updates small.
WORKDIR /packages
COPY requirements.lock .
RUN ["pip", "--python", "/opt/echosphere/bin/python", "install", "--require-hashes", "--requirement", "requirements.lock"]
COPY --from=build /wheels /wheels
# There is one wheel, the one just made: no version to pin.
# hadolint ignore=DL3013
RUN ["pip", "--python", "/opt/echosphere/bin/python", "install", "--no-deps", "--no-index", "--find-links", "/wheels", "echosphere"]
RUN ["/opt/echosphere/bin/python", "-m", "compileall", "-q", "/opt/echosphere/lib"]

FROM python:3.13-slim
LABEL org.opencontainers.image.title="EchoSphere" \
      org.opencontainers.image.description="A private place to talk: a self-hosted, real-time messenger" \
      org.opencontainers.image.licenses="MIT"
# A fixed number, so that whoever owns the volume can be named without starting the image.
RUN ["useradd", "--system", "--uid", "10001", "--user-group", "--no-create-home", "--home-dir", "/data", "--shell", "/usr/sbin/nologin", "echosphere"]
RUN ["install", "--directory", "--owner=echosphere", "--group=echosphere", "--mode=0700", "/data"]
COPY --from=packages /opt/echosphere /opt/echosphere
ENV PATH=/opt/echosphere/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ECHOSPHERE_DATA=/data \
    ECHOSPHERE_HOST=0.0.0.0 \
    ECHOSPHERE_PORT=5000 \
    ECHOSPHERE_LOG_FORMAT=json
USER 10001:10001
# Settings may also stand in /data/.env: the working folder is where `.env` is looked for.
WORKDIR /data
VOLUME /data
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['ECHOSPHERE_PORT']}/healthz\", timeout=4)"]
CMD ["echosphere", "serve"]
