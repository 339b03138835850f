# Stage 1 installs the locked packages; stage 2 holds them, Python and nothing that builds.
# The image runs as a user without rights on a read-only file system:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --volume trd-cds:/var/lib/trd-cds \
#     --publish 8000:8000 trd-cds

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/trd-cds
RUN python -m pip install --no-cache-dir --disable-pip-version-check --only-binary :all: uv==0.13.9
WORKDIR /src
# The packages change less often than the code, so they are a layer of their own.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --extra postgresql --no-install-project --no-cache
COPY README.md LICENSE ./
COPY rules ./rules
COPY cds ./cds
RUN uv sync --locked --no-dev --extra postgresql --no-editable --no-cache

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="trd-cds" \
      org.opencontainers.image.description="CDS Hooks service about treatment-resistant depression with raised inflammatory markers. Not a medical device: research prototype, synthetic or test data, not for clinical use." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN python -m pip uninstall --yes --quiet --root-user-action ignore pip setuptools wheel \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin trd-cds \
 && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/trd-cds
COPY --from=build /opt/trd-cds /opt/trd-cds
# Byte code was compiled above; nothing is written beside the code at run time.
ENV PATH=/opt/trd-cds/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TRD_CDS_STORE_URL=sqlite:////var/lib/trd-cds/trd-cds.sqlite3
# The store is all that is written, and what outlives the container.
VOLUME /var/lib/trd-cds
WORKDIR /opt/trd-cds
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
  CMD ["python", "-c", "import requests; requests.get('http://127.0.0.1:8000/readyz', timeout=2).raise_for_status()"]
CMD ["gunicorn", "--config", "python:cds.gunicorn_conf", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "cds.wsgi:build()"]
