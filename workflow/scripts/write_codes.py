"""The codes of the test set by one run, for whoever goes on with them elsewhere."""

from sparsevae.data.split import load_split
from sparsevae.evaluation.encoded import encode_posterior
from sparsevae.jobs import devices, storage
from sparsevae.jobs.job import job
from sparsevae.study.settings import from_mapping
from sparsevae.training.run import load_model

with job(snakemake):
    config = from_mapping(snakemake.params.run)
    device = devices.prepare("cpu", snakemake.threads)
    test = load_split(snakemake.input.test)
    model = load_model(config, snakemake.input.weights, test.inputs.shape[1:], device)
    size = config.evaluation.batch_size
    posterior = encode_posterior(model, test, config.likelihood.inputs, size)
    labels = {"labels": test.labels} if len(test.labels) else {}
    storage.write_arrays(snakemake.output.codes, {"codes": posterior.sparse_code.numpy()} | labels)
