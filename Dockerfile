# The program for containers: `docker build --tag newsletter .`; compose.yaml runs it.
ARG PYTHON=3.13
ARG DEBIAN=trixie

# --- what is installed: all that is not Python comes compiled, so no compiler is there ----------
FROM python:${PYTHON}-slim-${DEBIAN} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY templates templates
COPY newsletter newsletter
RUN python3 -m venv --without-pip /opt/newsletter \
    && python3 -m pip --python /opt/newsletter/bin/python install --compile ".[pdf,postgres,ses]" \
    && /opt/newsletter/bin/newsletter --version

# --- what runs ----------------------------------------------------------------------------------
FROM python:${PYTHON}-slim-${DEBIAN}
LABEL org.opencontainers.image.title="newsletter" \
      org.opencontainers.image.licenses="MIT"
# A number that no other user of a usual machine has: owner of what the container may write.
RUN groupadd --gid 10001 newsletter \
    && useradd --uid 10001 --gid newsletter --home-dir /newsletter --no-create-home \
        --shell /usr/sbin/nologin newsletter \
    && install --directory --owner newsletter --group newsletter --mode 0700 \
        /newsletter /newsletter/subscribers
# pg_dump and pg_restore, for `newsletter backup` and `restore`; Pango and letters of Arial's widths,
# for `newsletter stats --pdf`.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
        libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/newsletter /opt/newsletter
# Nothing is written beside the program: its file system may be read-only.
ENV PATH=/opt/newsletter/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /newsletter
EXPOSE 8080
STOPSIGNAL SIGTERM
# Asks the program itself, and the program its ledger.
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health/ready', timeout=5)"]
ENTRYPOINT ["newsletter"]
CMD ["serve", "--host", "0.0.0.0"]
