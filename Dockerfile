# One image that runs any study, on a CPU or a GPU; README, "Containers". The repository stays as it
# is in the image: what a study makes goes to the working folder.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

COPY requirements.txt /opt/sparsevae/
RUN python3 -m pip install --no-cache-dir --requirement /opt/sparsevae/requirements.txt

COPY Snakefile /opt/sparsevae/
COPY config /opt/sparsevae/config
COPY envs /opt/sparsevae/envs
COPY profiles /opt/sparsevae/profiles
COPY resources/published /opt/sparsevae/resources/published
COPY workflow /opt/sparsevae/workflow

# Any user of the host may run it: caches have to be somewhere that all can write to, and a name
# there has to be, as Python asks for it and a number without an entry in /etc/passwd has none.
ENV HOME=/tmp XDG_CACHE_HOME=/tmp/.cache LOGNAME=sparsevae
WORKDIR /study
ENTRYPOINT ["python3", "-m", "snakemake", "--snakefile", "/opt/sparsevae/Snakefile"]
CMD ["--cores", "all"]
