import pytest
from check_config import check
from checkout import REPOSITORY
from sparsevae.jobs.errors import ConfigError

CONFIGS = REPOSITORY / "config"


def test_a_study_and_its_overlay():
    assert check([CONFIGS / "smoke.yaml"]) == ("smoke: 8 runs, results in results/smoke")


def test_an_error_of_yaml_has_its_file_and_line(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("study: mine\nseeds: [1\nmodels: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.yaml, line 3, column 7: not YAML: ") as error:
        check([CONFIGS / "config.yaml", file])
    assert "\n" not in str(error.value)


def test_an_error_of_the_study_is_that_of_a_study(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("run: {betta: 1}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^config: run\.betta: no such key"):
        check([CONFIGS / "config.yaml", file])
