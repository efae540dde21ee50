# The site and the command line in one image, installed from the wheel; runs as nobody in particular and writes only
# to /data and /tmp.
ARG PYTHON=python:3.13.9-slim-bookworm

FROM ${PYTHON} AS wheel
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir "hatchling>=1.27,<2" "build>=1.2,<2" \
    && python -m build --wheel --no-isolation --outdir /wheels

FROM ${PYTHON}
COPY --from=wheel /wheels /wheels
# Volumes take over the owner of the folder that they cover.
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[postgres]" \
    && rm -r /wheels \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin credit \
    && install --directory --owner=10001 --group=10001 \
        /data /data/index /data/ledger /keys /keys/site /keys/desk
COPY docker/entrypoint /usr/local/bin/entrypoint
USER 10001
WORKDIR /data
VOLUME /data
ENV CREDIT_SEARCH_LEDGER=sqlite:////data/ledger/ledger.db \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["entrypoint"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
