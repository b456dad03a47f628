# One image that runs any study, on a CPU or a GPU; docs/running.md, "Containers". The repository
# stays as it is in the image: what a study makes goes to the working folder.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

# An index of PyTorch's wheels that need no CUDA libraries; empty for those of PyPI, which do.
ARG TORCH_INDEX=

# In an environment of their own, because the Python of a distribution refuses packages of pip.
COPY requirements.txt /opt/sparsevae/
RUN python3 -m venv /opt/venv \
 && if [ -n "${TORCH_INDEX}" ]; then \
      grep -E '^torch(vision)?==' /opt/sparsevae/requirements.txt > /tmp/torch.txt \
      && /opt/venv/bin/pip install --no-cache-dir --no-deps --index-url "${TORCH_INDEX}" \
           --requirement /tmp/torch.txt \
      && rm /tmp/torch.txt; \
    fi \
 && /opt/venv/bin/pip install --no-cache-dir --requirement /opt/sparsevae/requirements.txt

COPY Snakefile /opt/sparsevae/
COPY config /opt/sparsevae/config
COPY envs /opt/sparsevae/envs
COPY profiles /opt/sparsevae/profiles
COPY resources/published /opt/sparsevae/resources/published
COPY workflow /opt/sparsevae/workflow

# Any user of the host may run it: caches have to be somewhere that all can write to, and a name
# there has to be, as Python asks for it and a number without an entry in /etc/passwd has none.
ENV HOME=/tmp XDG_CACHE_HOME=/tmp/.cache LOGNAME=sparsevae
ENV PATH=/opt/venv/bin:${PATH}
WORKDIR /study
ENTRYPOINT ["python3", "-m", "snakemake", "--snakefile", "/opt/sparsevae/Snakefile"]
CMD ["--cores", "all"]
