"""What Snakemake's reading of a config file hides ends in one line with file and line."""

import pytest
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.config_files import check_files


@pytest.fixture
def message(tmp_path):
    """What is said of a file's text, without the folder; nothing if it passes."""

    def check(text: str | bytes, name: str = "mine.yaml") -> str:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            check_files([file])
        except ConfigError as error:
            return str(error).replace(f"{tmp_path}/", "")
        return ""

    return check


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "models:\n  vae: {family: vae}\n  vsc: {family: vsc}\n  vae: {family: ae}\n",
            "mine.yaml, line 4: vae is there already, in line 2; rename one or take it out",
        ),
        ("study: a\nstudy: b\n", "mine.yaml, line 2: study is there already, in line 1;"),
        ("a: [{b: 1, b: 2}]\n", "mine.yaml, line 1: b is there already, in line 1;"),
        ("'a': 1\n\"a\": 2\n", "mine.yaml, line 2: a is there already, in line 1;"),
        ("x: &x {b: 1, b: 2}\ny: *x\n", "mine.yaml, line 1: b is there already, in line 1;"),
    ],
)
def test_a_key_that_is_there_twice(message, text, expected):
    assert message(text).startswith(expected)


def test_what_is_merged_can_be_overridden(message):
    assert not message("a: &a {b: 1}\nc: {<<: *a, b: 2}\nd: {b: 3}\n")


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("no", "true or false"),
        ("on", "true or false"),
        ("1", "a number"),
        ("2.0", "a number"),
        ("2026-01-02", "a date"),
        ("null", "null"),
        ("~", "null"),
    ],
)
def test_a_name_that_yaml_does_not_read_as_text(message, word, reading):
    line = message(f"models:\n  {word}: {{family: vae}}\n")
    assert line == (
        f'mine.yaml, line 2: YAML reads the key {word} as {reading}; quote it: "{word}"'
    )
    assert not message(f'models:\n  "{word}": {{family: vae}}\n')


@pytest.mark.parametrize(
    ("number", "value"), [("010", 8), ("-010", -8), ("1:30", 90), ("1:30.5", 90.5), ("0_7", 7)]
)
def test_a_number_that_yaml_reads_as_another(message, number, value):
    line = message(f"sizes:\n- {number}\n")
    assert line == (
        f"mine.yaml, line 2: YAML reads {number} as {value}; write {value}, or quote what is meant "
        f'as text: "{number}"'
    )


@pytest.mark.parametrize(
    "number", ["10", "0", "-3", "0.10", "1e-3", "1_000", "0x1f", '"010"', "a:1"]
)
def test_numbers_as_they_are_meant_pass(message, number):
    assert not message(f"sizes: [{number}]\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n b: 2\n", "mine.yaml, line 2, column 3: not YAML: mapping values"),
        ("a: [1\nb: 2\n", "mine.yaml, line 2, column 2: not YAML: "),
        ("a:\n\tb: 1\n", "mine.yaml, line 2, column 1: not YAML: found character"),
        ("a: *x\n", "mine.yaml, line 1, column 4: not YAML: found undefined alias"),
        ("a: 1\n---\nb: 1\n", "mine.yaml, line 2, column 1: not YAML: "),
        ("a: \x01\n", "mine.yaml: not YAML: special characters are not allowed"),
        (b'a: "\xff"\n', "mine.yaml: not UTF-8 at byte 4; save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_yaml(message, text, expected):
    assert message(text).startswith(expected)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: No such file or directory$"):
        check_files([tmp_path / "none.yaml"])


def test_json_is_read_as_snakemake_reads_it(message):
    assert not message('{\n\t"a": {"b": 1, "1": 2}}', "mine.json")
    line = message('{"a": {"b": 1, "b": 2}}', "mine.json")
    assert line == "mine.json: b is there twice; rename one or take it out"


def test_an_empty_file_and_an_alias_to_itself_pass(message):
    assert not message("")
    assert not message("a: &a [*a]\n")
