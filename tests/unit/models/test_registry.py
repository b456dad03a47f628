import pytest
from checkout import REPOSITORY
from sparsevae.jobs.errors import ConfigError
from sparsevae.jobs.imports import imported_files
from sparsevae.models.base import Model
from sparsevae.models.registry import build, model_class
from sparsevae.study.families import FAMILIES

SCRIPTS = REPOSITORY / "workflow/scripts"


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_its_class_and_its_file(family):
    assert issubclass(model_class(family), Model)
    assert model_class(family).__module__ == f"sparsevae.models.{FAMILIES[family].module}"
    assert (SCRIPTS / FAMILIES[family].file).is_file()


def test_a_family_that_is_not_there_is_named(tiny_config):
    with pytest.raises(ConfigError, match=r"^family: gan is not allowed; allowed: ae, vae, tcvae"):
        build(tiny_config("gan"), (1, 1, 3))


def test_a_training_depends_on_no_family_but_its_own():
    """What digests of code follow: an edit of one model must not train the others again."""
    training = imported_files(SCRIPTS / "sparsevae/training/run.py", SCRIPTS)
    names = {file.relative_to(SCRIPTS).as_posix() for file in training}
    assert "sparsevae/models/base.py" in names
    assert not names & {family.file for family in FAMILIES.values()}
    assert "sparsevae/study/families.py" not in names
