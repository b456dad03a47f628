"""The settings of a study: which runs, where their files go, and which figures are made."""

from typing import Annotated, Any

from pydantic import Field

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.own.declared import SCALES
from sparsevae.figures.catalogue import figure_names
from sparsevae.study.declarations import (
    REQUIRED,
    SET,
    EachOnce,
    Integer,
    Number,
    OneOf,
    Positive,
    Settings,
    group,
    setting,
)
from sparsevae.study.families import FAMILIES
from sparsevae.study.paths import Folder, Image
from sparsevae.study.settings import RunSettings

StudyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
NAME_OF_A_MODEL = r"^[a-z0-9][a-z0-9._-]*$"
ModelName = Annotated[str, Field(pattern=NAME_OF_A_MODEL)]
SettingName = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")]
Swept = Annotated[
    tuple[str | bool | int | float | tuple[int, ...] | dict[str, Any] | None, ...],
    Field(min_length=1),
]
DatasetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
MirroredName = Annotated[str, OneOf(tuple(n for n, info in CATALOGUE.items() if info.mirrors))]
Urls = Annotated[tuple[Annotated[str, Field(pattern="^https?://")], ...], Field(min_length=1)]
Seeds = Annotated[tuple[Annotated[Integer, Field(ge=0)], ...], Field(min_length=1), EachOnce()]
LatentDim = Annotated[Integer, Field(ge=1)]


class FamilyName(Settings):
    """The class of a model."""

    family: Annotated[str, OneOf(tuple(FAMILIES))] = setting(REQUIRED, "Class of the model.")


class ModelSettings(RunSettings, FamilyName):
    """A model of a study: its family, and settings of its runs."""

    sweep: dict[SettingName, Swept] = setting(
        {},
        "Lists of values by the dotted names of settings, such as training.learning_rate, or of "
        "groups, such as likelihood; the model becomes one for each combination, among which the "
        "table selection chooses.",
    )
    selected_from: Folder | None = setting(
        None,
        "Folder of another study, such as results/smiley_selection, which chose values for the "
        "model of the same name by its table selection; they are merged after `run`, before what "
        "the model sets itself.",
    )


class FirstSeedOnly(Settings):
    """What is trained with the first seed only, for pictures; it has no spread over seeds."""

    models: Annotated[tuple[str, ...], EachOnce()] = setting((), "Names of models.")
    latent_dims: Annotated[tuple[LatentDim, ...], EachOnce()] = setting((), "Latent sizes.")


# Validation measures that can choose; validation_correlation_contrast is own less other.
SELECTED_BY = (
    "validation_elbo",
    "validation_iwae",
    "validation_correlation_contrast",
    "validation_mig",
    "validation_mig_presence",
)

_OWN = {"path": SET}
_SHAPE = Annotated[tuple[Positive, ...], Field(min_length=3, max_length=3)]


class OwnSettings(Settings):
    """A dataset of yours: what it is read from (docs/your_data.md)."""

    path: Folder | None = setting(
        None,
        "Read a dataset of yours: an .npz, .npy, .csv, .parquet, .h5ad, .mat or idx file, or a "
        "folder of images; null for one that the repository knows by its name.",
    )
    inputs: str | None = setting(
        None,
        "Array of an .npz, variable of a .mat, layer of an .h5ad; null for inputs (.h5ad: X).",
        used_with=_OWN,
    )
    labels: str | None = setting(
        None,
        "Array, variable or column with labels, numbers or text, or the idx file of labels; null "
        "for labels (of a table also label) if it is there.",
        used_with=_OWN,
    )
    ignore: Annotated[tuple[str, ...], EachOnce()] = setting(
        (), "Columns of a table to leave out.", used_with=_OWN
    )
    shape: _SHAPE | None = setting(
        None, "Channels, height and width, which make rows images.", used_with=_OWN
    )
    size: Positive | None = setting(
        None, "Resize and crop the images of a folder to so many pixels square.", used_with=_OWN
    )
    scale: Annotated[str, OneOf(SCALES)] = setting(
        "none",
        "Scale features by the training set: to [0, 1], or to mean 0 and deviation 1. The scaling "
        "is stored with each run.",
        used_with=_OWN,
    )
    test_path: Folder | None = setting(
        None, "A test set of its own, read like path; null draws test_fraction.", used_with=_OWN
    )
    test_labels: Folder | None = setting(
        None, "The idx file of its labels.", used_with={"test_path": SET}
    )
    test_fraction: Annotated[Number, Field(gt=0, lt=1)] = setting(
        0.2,
        "Part of the samples that is drawn as the test set, each class with its share.",
        used_with={"path": SET, "test_path": (None,)},
    )
    split_seed: Annotated[Integer, Field(ge=0)] = setting(
        0, "Seed of that draw.", used_with={"path": SET, "test_path": (None,)}
    )
    max_mb: Positive = setting(
        4000, "Refuse data that need more memory.", unit="MB", used_with=_OWN
    )


class ExplorerSettings(Settings):
    """How much of a study the report's explorer holds."""

    max_models: Positive = setting(
        40, "Most models; those of the latent size that figures show go first."
    )
    max_mb: Positive = setting(
        40, "Most memory of all its files; models beyond it are left out.", unit="MB"
    )


class DatasetSettings(OwnSettings):
    """What is trained on one dataset, and where it is read from if it is yours."""

    latent_dims: Annotated[tuple[LatentDim, ...], Field(min_length=1), EachOnce()] = setting(
        REQUIRED, "Latent sizes to train."
    )
    shown_latent_dim: LatentDim | None = setting(
        None, "Latent size of the runs that pictures show; null for the largest."
    )
    models: Annotated[tuple[str, ...], Field(min_length=1), EachOnce()] | None = setting(
        None, "Names of the models to train on it; null for all."
    )
    seeds: Seeds | None = setting(None, "Seeds for this dataset; null for the study's.")
    first_seed_only: FirstSeedOnly = group(FirstSeedOnly)
    run: RunSettings = group(RunSettings)


class StudySettings(Settings):
    """What to train and which figures to make: datasets x models x latent sizes x seeds."""

    study: StudyName = setting(REQUIRED, "Name of the study and of its folder below results_dir.")
    results_dir: Folder = setting(
        "results", "Folder of all results, relative to the working directory; ~ and $NAME work."
    )
    datasets_dir: Folder | None = setting(
        None,
        "Folder of yours with MNIST's or Fashion-MNIST's files (idx, gzipped or not), UCI HAR's "
        "archive or unpacked folder, or CelebA's faces and lists, for machines with no network; "
        "null downloads them. ~ and $NAME work.",
    )
    mirrors: dict[MirroredName, Urls] = setting(
        {},
        "URLs to download a dataset from, instead of the published ones: of folders with the four "
        "gzipped files of MNIST or Fashion-MNIST, or of UCI HAR's archive.",
    )
    container: Image | None = setting(
        None,
        "Image for jobs with --sdm apptainer, such as sparsevae.sif or "
        "docker://registry/sparsevae; null for none. ~ and $NAME work.",
    )
    device: Annotated[str, OneOf(("cpu", "cuda", "auto"))] = setting(
        "cpu", "Where to train and evaluate; auto takes a GPU if there is one."
    )
    seeds: Seeds = setting(REQUIRED, "Seeds of the runs, one training for each.")
    run: RunSettings = group(RunSettings)
    models: dict[ModelName, ModelSettings] = setting(
        REQUIRED,
        "Models by a name of your choice; each is a family and its settings.",
        min_length=1,
    )
    selection: Annotated[str, OneOf(SELECTED_BY)] = setting(
        "validation_elbo",
        "Measure of validation samples by which the table selection chooses among the variants of "
        "a model, the largest mean; of models without a bound it is -validation_reconstruction.",
    )
    datasets: dict[DatasetName, DatasetSettings] = setting(
        REQUIRED, "Datasets of the study, each with its latent sizes.", min_length=1
    )
    explorer: ExplorerSettings = group(ExplorerSettings)
    figures: Annotated[tuple[Annotated[str, OneOf(tuple(figure_names()))], ...], EachOnce()] = (
        setting(
            (),
            "Figures to make, of each dataset that has what they need (docs/figures.md); each is "
            "the name of a module in sparsevae/figures.",
        )
    )
