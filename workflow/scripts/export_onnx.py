"""A run as ONNX files, which onnxruntime has encoded and decoded with as PyTorch does."""

from pathlib import Path

from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.onnx_encoder import Exported, autoencoder_graph, check_codes, encoder_graph
from sparsevae.explorer.onnx_graph import check, graph_of, serialised
from sparsevae.jobs import devices, storage
from sparsevae.jobs.job import job
from sparsevae.training.run import names_of, run_name
from sparsevae.training.saved import read_run

with job(snakemake) as report:
    devices.prepare("cpu", snakemake.threads)
    run = read_run(Path(snakemake.input.weights).parent)
    config, name = run.config, run_name(run.config)
    exported = Exported(run.model(), config.likelihood.inputs, run.scaling, name)
    layers = decoder_layers(exported.model, name)
    about = {key: str(value) for key, value in names_of(config).items()}

    decoder = serialised(graph_of(layers, config.latent_dim, run.shape, about, run.scaling))
    difference = check(decoder, layers, config.latent_dim, name, run.scaling)
    report(f"onnxruntime's pixels differ from PyTorch's by {difference:.2g} at most")
    storage.write_bytes(snakemake.output.decoder, decoder)
    for graph, file in (
        (encoder_graph, snakemake.output.encoder),
        (autoencoder_graph, snakemake.output.autoencoder),
    ):
        content = serialised(graph(exported, about))
        difference = check_codes(content, exported)
        report(f"onnxruntime's codes differ from PyTorch's by {difference:.2g} at most")
        storage.write_bytes(file, content)
