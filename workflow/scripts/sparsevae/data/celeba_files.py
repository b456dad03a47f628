"""CelebA: which files it is and where a user's copy of them is.

Liu, Luo, Wang & Tang 2015: 202,599 aligned faces of 178x218 pixels and five lists. Standard library
only, as the Snakefile asks for a user's files when it is parsed.
"""

from pathlib import Path

from sparsevae.jobs.errors import DataUnavailable

IMAGES = "img_align_celeba"
# The lists that torchvision wants, each with a checksum there; the first one is used.
LISTS = (
    "list_eval_partition.txt",
    "identity_CelebA.txt",
    "list_attr_celeba.txt",
    "list_bbox_celeba.txt",
    "list_landmarks_align_celeba.txt",
)
ADVICE = (
    f"set datasets_dir to a folder that has, in itself or in a folder celeba, the folder {IMAGES}"
    f" with the faces and {', '.join(LISTS)}"
)


def find_lists(folder: str | Path) -> list[Path]:
    """The lists in a user's folder, in the order of LISTS, with the folder of faces beside them.

    Looks in its subfolder celeba (as torchvision keeps them) first. Raises DataUnavailable.
    """
    places = (Path(folder) / "celeba", Path(folder))
    for place in places:
        if not (place / IMAGES).is_dir():
            continue
        for name in LISTS:
            if not (place / name).is_file():
                raise DataUnavailable(f"celeba: no {name} in {place}; {ADVICE}")
        return [place / name for name in LISTS]
    raise DataUnavailable(f"celeba: no folder {IMAGES} in {', '.join(map(str, places))}; {ADVICE}")
