# The site and the command line in one image, installed from the wheel; runs as nobody in particular and writes
# only to /data.
FROM python:3.13-slim-bookworm AS wheel
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir "hatchling>=1.27,<2" "build>=1.2,<2" \
    && python -m build --wheel --no-isolation --outdir /wheels

FROM python:3.13-slim-bookworm
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[postgres]" \
    && rm -r /wheels \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin credit \
    && install --directory --owner=10001 --group=10001 /data
USER 10001
WORKDIR /data
VOLUME /data
ENV CREDIT_SEARCH_ENGINE=embedded:/data/index \
    CREDIT_SEARCH_LEDGER=sqlite:////data/ledger.db \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["credit-search"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
