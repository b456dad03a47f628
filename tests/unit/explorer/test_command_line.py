"""`python -m sparsevae`: files in and out, and one line for what the user can fix."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sparsevae
from saved_runs import SHAPE, pixels, saved_run
from sparsevae.explorer.command_line import main
from sparsevae.jobs.tables import read_table

X, LABELS = pixels(), np.arange(7) % 2
SCRIPTS = Path(sparsevae.__file__).parents[1]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.savez("data.npz", inputs=X, labels=LABELS)
    return saved_run(tmp_path / "run")


def did(*arguments: object) -> None:
    assert main([str(argument) for argument in arguments]) == 0


def test_codes_of_a_table_are_those_of_python(run):
    did("encode", run, "data.npz", "--to", "codes.csv")
    table = read_table("codes.csv")
    assert list(table) == ["label", *(f"code_{number}" for number in range(5))]
    assert table["label"].astype(int).tolist() == LABELS.tolist()
    codes = table.drop(columns="label").to_numpy()
    np.testing.assert_allclose(codes, sparsevae.load(run).encode(X), rtol=1e-6)
    assert (codes == 0).any()


@pytest.mark.parametrize("codes", ["codes.csv", "codes.npz"])
def test_what_was_encoded_is_decoded(run, codes):
    did("encode", run, "data.npz", "--to", codes)
    did("decode", run, codes, "--to", "decoded.npz")
    with np.load("decoded.npz") as decoded:
        assert decoded["samples"].shape == (7, *SHAPE)
        np.testing.assert_allclose(
            decoded["samples"], sparsevae.load(run).reconstruct(X), atol=1e-6
        )
        assert decoded["labels"].tolist() == LABELS.tolist()


def test_labels_may_be_text(run):
    table = pd.DataFrame(X.reshape(7, 12) / 255).assign(label=["yes", "no"] * 3 + ["null"])
    table.to_csv("text.csv", index=False)
    did("encode", run, "text.csv", "--to", "codes.npz")
    did("decode", run, "codes.npz", "--to", "decoded.csv")
    labels = read_table("decoded.csv")["label"].tolist()
    assert labels == ["yes", "no"] * 3 + ["null"]


def test_samples_and_scores(run):
    did("sample", run, "--number", 3, "--seed", 2, "--to", "samples.npz")
    model = sparsevae.load(run)
    with np.load("samples.npz") as samples:
        np.testing.assert_array_equal(samples["samples"], model.sample(3, seed=2))
    did("score", run, "data.npz", "--draws", 5, "--to", "scores.csv")
    scores = read_table("scores.csv")
    assert list(scores) == ["label", "log_likelihood"]
    np.testing.assert_allclose(scores["log_likelihood"], model.log_likelihood(X, 5), rtol=1e-6)


@pytest.mark.parametrize("name", ["x.npy", "x.csv", "only.npz"])
def test_data_without_labels(run, name):
    rows = X.reshape(7, 12) / 255
    match name:
        case "x.npy":
            np.save(name, rows)
        case "x.csv":
            pd.DataFrame(rows).to_csv(name, index=False)
        case "only.npz":
            np.savez(name, anything=rows)
    did("encode", run, name, "--to", "codes.npz")
    with np.load("codes.npz") as codes:
        assert list(codes) == ["codes"]
        np.testing.assert_allclose(codes["codes"], sparsevae.load(run).encode(X), atol=1e-5)


def test_parquet_in_and_out(run):
    pytest.importorskip("pyarrow")
    did("encode", run, "data.npz", "--to", "codes.parquet")
    did("decode", run, "codes.parquet", "--to", "decoded.npz")
    np.testing.assert_array_equal(
        pd.read_parquet("codes.parquet").drop(columns="label"), sparsevae.load(run).encode(X)
    )


def test_info(run, capsys):
    did("info", run)
    info = json.loads(capsys.readouterr().out)
    assert info["shape"] == list(SHAPE)
    assert info["classes"] == ["a", "b"]
    assert info["settings"]["network"] == {"hidden": [6]}
    assert "training" not in info["settings"]  # defaults are left out
    assert info["metrics"] is None


def test_what_the_user_can_fix_is_one_line_and_leaves_nothing(run, capsys):
    np.savez("two.npz", a=X, b=X)
    Path("text.csv").write_text("a,b\n1,x\n", encoding="utf-8")
    Path("half.npy").write_bytes(b"\x93NUMPY")
    Path("half.npz").write_bytes(b"PK")
    before = set(Path().iterdir())
    for arguments, said in (
        ("encode run data.npz --to codes.txt", "WrongFile: codes.txt: cannot be written"),
        ("encode run no.npz --to c.csv", "WrongFile: no.npz: no such file"),
        ("encode run run/config.json --to c.csv", "WrongFile: run/config.json: cannot be read"),
        ("encode run two.npz --to c.csv", "WrongFile: two.npz: arrays a, b; name one of them"),
        ("encode run text.csv --to c.csv", "WrongFile: text.csv: column b has text"),
        ("encode run half.npy --to c.csv", "DamagedFile: half.npy: not a readable .npy"),
        ("encode run half.npz --to c.csv", "DamagedFile: half.npz: not a readable .npz"),
        ("decode run data.npz --to c.csv", "WrongInput: digits/vsc/latent-5/seed-1: z has shape"),
        ("encode . data.npz --to c.csv", "OtherFormat: .: no config.json"),
        ("tensorboard run --to logs", "NoEvents: run: no history.csv"),
    ):
        assert main(arguments.split()) == 1, arguments
        line = capsys.readouterr().err
        assert line.startswith(said)
        assert line.count("\n") == 1, line
    assert set(Path().iterdir()) == before


def test_it_is_a_program(run):
    done = subprocess.run(
        [sys.executable, "-m", "sparsevae", "encode", run, "no.npz", "--to", "c.csv"],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("WrongFile: no.npz: no such file")
