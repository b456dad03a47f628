"""`python -m sparsevae`: a trained model on files."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from sparsevae.explorer.event_files import write_events
from sparsevae.explorer.files import Samples, check_target, read_samples, write_samples
from sparsevae.explorer.trained import TrainedModel, load
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DISK_ERRORS, UserError
from sparsevae.training.saved import SavedRun, read_run

FILES = "a file that ends in .npz, .npy, .csv or .parquet"
TARGET = "file to write: .csv, .npz or .parquet"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return 1 after one line on what the user can fix."""
    given = _parser().parse_args(arguments)
    try:
        given.run_command(given)
    except UserError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        print(f"{type(error).__name__}: {error.filename}: {error.strerror}", file=sys.stderr)
    else:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sparsevae", description="Use the trained model of a run's folder."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, function: Any, text: str, data: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        made.add_argument("run", metavar="RUN", help="folder of a finished run")
        if data:
            made.add_argument("data", metavar="DATA", help=f"{data}: {FILES}")
        made.set_defaults(run_command=function)
        return made

    encode = command("encode", _encode, "write the code of each sample", "samples")
    decode = command("decode", _decode, "write what each code decodes to", "codes")
    sample = command("sample", _sample, "write samples from the model")
    score = command("score", _score, "write a lower bound on log p(x) of each sample", "samples")
    for made in (encode, decode, sample, score):
        made.add_argument("--to", required=True, metavar="FILE", help=TARGET)
    sample.add_argument("--number", type=int, default=16, help="how many (default: 16)")
    sample.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    score.add_argument("--draws", type=int, help="of z for each sample (default: as the run's)")
    score.add_argument("--seed", type=int, help="of the draws (default: the run's)")
    command("info", _info, "print what the run is, and its measures")
    events = command("tensorboard", _tensorboard, "write the history of runs as event files")
    events.add_argument("--to", required=True, metavar="FOLDER", help="folder to write to")
    return parser


def _model(given: argparse.Namespace) -> TrainedModel:
    check_target(given.to)
    return load(given.run)


def _encode(given: argparse.Namespace) -> None:
    model, samples = _model(given), read_samples(given.data)
    write_samples(given.to, Samples(model.encode(samples.values), samples.labels), "codes")


def _decode(given: argparse.Namespace) -> None:
    model, codes = _model(given), read_samples(given.data)
    write_samples(given.to, Samples(model.decode(codes.values), codes.labels), "samples")


def _sample(given: argparse.Namespace) -> None:
    write_samples(given.to, Samples(_model(given).sample(given.number, given.seed)), "samples")


def _score(given: argparse.Namespace) -> None:
    model, samples = _model(given), read_samples(given.data)
    bounds = model.log_likelihood(samples.values, given.draws, given.seed)
    write_samples(given.to, Samples(bounds, samples.labels), "log_likelihood")


def _info(given: argparse.Namespace) -> None:
    print(json.dumps(_described(read_run(given.run)), indent=2))


def _described(run: SavedRun) -> dict[str, Any]:
    """What a run is: its name and shape, the settings that are no defaults, and its measures."""
    measures = run.folder / "metrics.json"
    return {
        "shape": list(run.shape),
        "classes": list(run.classes),
        "scaling": None if run.scaling is None else run.scaling.kind,
        "settings": _changed(run),
        "metrics": storage.read_json(measures) if measures.is_file() else None,
    }


def _changed(run: SavedRun) -> dict[str, Any]:
    return run.config.model_dump(mode="json", exclude_defaults=True)


def _tensorboard(given: argparse.Namespace) -> None:
    for file in write_events(given.run, given.to):
        print(file)
