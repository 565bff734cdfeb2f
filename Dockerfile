# The web app with its bundled corpus; the library lives in the volume /data. Nothing is fetched once it is built.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE app.py ./
COPY rag rag
COPY corpus corpus
COPY evals/published.json evals/
RUN python -m venv /opt/h200 \
 && /opt/h200/bin/pip install --no-cache-dir -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0 \
 && /opt/h200/bin/pip install --no-cache-dir -c constraints.txt ".[mcp]"

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 h200 && mkdir /data && chown h200 /data
COPY --from=build /opt/h200 /opt/h200
USER h200
WORKDIR /home/h200
ENV PATH=/opt/h200/bin:$PATH HOME=/home/h200 H200_LIBRARY=/data/library H200_WEB_HOST=0.0.0.0 \
    PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 GRADIO_ANALYTICS_ENABLED=False
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=3s --start-period=90s \
    CMD ["python", "-c", "import json, urllib.request as u; assert json.load(u.urlopen('http://127.0.0.1:7860/healthz'))['ready']"]
CMD ["h200", "serve"]
