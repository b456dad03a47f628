"""What a dataset declares about itself, and how published ones are had: given, kept or fetched.

A dataset is a module with a declaration `DATASET`. The Snakefile reads the declarations each time
that it is parsed, so these modules import at their top nothing larger than NumPy; what only the
preparation needs (scikit-learn, torchvision) is imported by the functions that use it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sparsevae.data.split import Split
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

# Of the prepared datasets, below the working directory.
FOLDER = "resources/datasets"
Splits = tuple[Split, ...]
Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Dataset(ABC):
    """A dataset before it exists.

    name: in configs, and of its folder; module: that declares it; shape: of one input, (C, H, W) of
    an image or (F,) of other features; class_names: one for each label, in their order; train_size,
    test_size: numbers of inputs; factors: whether those behind each input are known; mirrors:
    addresses of published files, tried in this order; environment: the file of envs/ that has what
    preparing it needs; mem_mb, runtime: megabytes and minutes that preparing it may take; parts:
    names of its files. Without a part `validation`, runs keep some of the training set for it;
    centred: of images that were cut out and centred by their mass, the share of the frame that the
    longer side of what is on them takes, so that a reader's drawing can be treated alike.
    """

    name: str
    module: str
    shape: tuple[int, ...]
    class_names: tuple[str, ...]
    train_size: int
    test_size: int
    factors: bool = False
    mirrors: tuple[str, ...] = ()
    environment: str = "data"
    mem_mb: int = 2000
    runtime: int = 30
    parts: tuple[str, ...] = ("train", "test")
    centred: float | None = None

    @property
    def file(self) -> str:
        """The file of its module, relative to workflow/scripts."""
        return f"{self.module.replace('.', '/')}.py"

    @property
    def image(self) -> bool:
        """Whether its inputs can be shown as pictures."""
        return len(self.shape) == 3

    @property
    def scaling(self) -> dict[str, Any] | None:
        """How the user's own data were scaled (data/scaling.py); None if they were not."""
        return None

    def find(self, folder: str | Path) -> list[Path]:
        """Return the files of a user's folder to prepare it from; none if it is generated.

        Raises DataUnavailable if the folder does not have them.
        """
        return []

    @abstractmethod
    def prepare(
        self, given: Sequence[Path], kept: Path, mirrors: Sequence[str] | None, report: Report
    ) -> Splits:
        """Return one split for each of `parts`.

        given: what `find` has found in the user's folder; kept: the folder in which verified files
        stay; mirrors: the user's addresses in place of the published ones. Raises DataUnavailable
        and DamagedFile.
        """


@dataclass(frozen=True, kw_only=True)
class PublishedDataset(Dataset):
    """A dataset of published files, which are verified and then kept.

    The kept files are taken before the network is asked: a change of code, or a user's folder that
    the config names no more, fetches nothing again.
    """

    @abstractmethod
    def find(self, folder: str | Path) -> list[Path]:
        """Return the published files in a user's folder. Raises DataUnavailable."""

    @abstractmethod
    def read(self, files: Sequence[Path]) -> Splits:
        """Return the splits of files as `find` returns them, each verified before it is used.

        Raises DamagedFile.
        """

    @abstractmethod
    def fetch(self, kept: Path, report: Report) -> list[Path]:
        """Return the files, in `kept`, after what is missing or damaged there has been fetched.

        Raises DataUnavailable when no mirror answers, DamagedFile when one does with a wrong file.
        """

    def kept_names(self, files: Sequence[Path]) -> list[str]:
        """Return the names under which `find` looks for given files in the folder of kept ones."""
        return [file.name for file in files]

    def prepare(
        self, given: Sequence[Path], kept: Path, mirrors: Sequence[str] | None, report: Report
    ) -> Splits:
        if given:
            return self._from_user(given, kept, report)
        try:
            return self.read(self.find(kept))
        except DataUnavailable:
            pass
        except DamagedFile as error:
            report(f"WARNING: {error}; fetching it again")
        dataset = replace(self, mirrors=tuple(mirrors)) if mirrors else self
        return self.read(dataset.fetch(kept, report))

    def keep(self, files: Sequence[Path], kept: Path) -> None:
        """Give verified files a second name in `kept`, or copy them."""
        for file, name in zip(files, self.kept_names(files), strict=True):
            if not (kept / name).exists() or not file.samefile(kept / name):
                storage.link(file, kept / name)

    def _from_user(self, given: Sequence[Path], kept: Path, report: Report) -> Splits:
        try:
            splits = self.read(given)
        except DamagedFile as error:
            raise DamagedFile(
                f"{error}; put the published file in its place, or set datasets_dir to null to"
                " fetch it"
            ) from None
        try:
            self.keep(given, kept)
        except OSError as error:
            report(
                f"WARNING: {self.name}: its files could not be kept in {kept} ({error.strerror});"
                " keep datasets_dir in the config"
            )
        return splits
