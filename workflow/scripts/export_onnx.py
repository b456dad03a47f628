"""A run's decoder as an ONNX file, which onnxruntime has decoded with as PyTorch does."""

from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.onnx_graph import check, graph_of, serialised
from sparsevae.jobs import devices, storage
from sparsevae.jobs.job import job
from sparsevae.study.settings import from_mapping
from sparsevae.training.run import load_model, run_name

with job(snakemake) as report:
    config = from_mapping(snakemake.params.run)
    shape = tuple(snakemake.params.shape)
    device = devices.prepare("cpu", snakemake.threads)
    model = load_model(config, snakemake.input.weights, shape, device)
    layers = decoder_layers(model, run_name(config))
    names = {key: str(getattr(config, key)) for key in ("dataset", "model", "latent_dim", "seed")}
    content = serialised(graph_of(layers, config.latent_dim, shape, names))
    difference = check(content, layers, config.latent_dim, "/".join(names.values()))
    report(f"onnxruntime's pixels differ from PyTorch's by {difference:.2g} at most")
    storage.write_bytes(snakemake.output.onnx, content)
