"""The target `onnx`: files of each run, which encode and decode as its model."""

import numpy as np
import onnxruntime
import torch
from checkout import SMOKE
from sparsevae.jobs import storage
from sparsevae.study.settings import from_mapping
from sparsevae.training import run as runs

RUN = "digits/vae/latent-4/seed-1"  # the convolutional one


def test_onnx_is_a_job_for_each_run(smoke):
    assert smoke.planned("onnx", *SMOKE) == {"export_onnx": 4 * 2, "onnx": 1}


def test_a_file_decodes_as_the_model_of_its_run(smoke):
    file = f"results/smoke/onnx/{RUN}/decoder.onnx"
    done = smoke.snakemake(file, *SMOKE)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = smoke.root / "results/smoke/runs" / RUN
    config = from_mapping(storage.read_json(folder / "config.json"))
    model = runs.load_model(config, folder / "weights.safetensors", (1, 8, 8), "cpu").eval()
    latents = torch.linspace(-2, 2, 12).reshape(3, 4)
    session = onnxruntime.InferenceSession(smoke.root / file)
    (decoded,) = session.run(["mean"], {"latents": latents.numpy()})
    expected = model.decode(latents).mean.detach().numpy().reshape(3, 1, 8, 8)
    np.testing.assert_allclose(decoded, expected, atol=1e-5)

    pixels = np.linspace(0, 1, 2 * 64, dtype=np.float32).reshape(2, 1, 8, 8)
    codes = model.sparse_code(torch.from_numpy(pixels).flatten(1))
    for name in ("encoder", "autoencoder"):
        session = onnxruntime.InferenceSession((smoke.root / file).with_name(f"{name}.onnx"))
        (encoded,) = session.run(["codes"], {"inputs": pixels})
        np.testing.assert_allclose(encoded, codes.detach().numpy(), atol=1e-5)
