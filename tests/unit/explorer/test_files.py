"""What the command line reads: files of samples, and whatever a config's entry reads."""

import numpy as np
import own_files
import pytest
from sparsevae.explorer.files import read_samples

PIXELS, LABELS = own_files.images()


@pytest.mark.parametrize("kind", ["folder", "idx", "mat"])
def test_the_formats_of_a_configs_entry_are_read(kind, tmp_path):
    from scipy.io import savemat

    savemat(tmp_path / "a.mat", {"inputs": PIXELS})
    path = {
        "folder": own_files.write_folder(tmp_path / "images", PIXELS, None),
        "idx": own_files.write_idx(tmp_path / "images-ubyte.gz", PIXELS),
        "mat": tmp_path / "a.mat",
    }[kind]
    values = read_samples(path).values
    assert np.array_equal(values.reshape(PIXELS.shape), PIXELS)
