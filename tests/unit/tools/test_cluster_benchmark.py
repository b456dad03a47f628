"""What the benchmark of SLURM counts, on jobs made by hand."""

import pytest
from benchmark import cluster
from benchmark.cluster import MARKS, Measured
from slurm_sandbox import Allocation, most_at_once

JOBS = [
    Allocation(1, cpus=1, start=0, end=10),
    Allocation(2, cpus=2, start=5, end=15),
    Allocation(3, cpus=1, start=10, end=30),
]
MEASURED = Measured("alone", 3, 3, 31.4, JOBS, used_core_seconds=20.0)


def test_reserved_are_cores_times_seconds():
    assert MEASURED.reserved_core_seconds == 10 + 2 * 10 + 20
    row = MEASURED.row()
    assert (row["reserved / used"], row["beside each training, core-s"]) == ("2.50", "10.0")


@pytest.mark.parametrize(
    ("jobs", "most"),
    [
        (JOBS[:1], 1),
        (JOBS, 2),  # the third starts when the first has ended
        ([*JOBS, Allocation(4, 1, 12, None)], 3),  # one that still runs
    ],
)
def test_jobs_at_once_are_those_that_share_a_moment(jobs, most):
    assert most_at_once(jobs) == most


def test_the_study_has_as_many_trainings_as_asked_for():
    assert len(set(cluster.study(40)["seeds"])) == 40


def test_the_table_is_put_between_its_marks_and_nothing_else_changes():
    table = cluster.markdown([MEASURED], cores=4)
    page = f"above\n{MARKS[0]}old\n{MARKS[1]}below\n"
    assert (
        cluster.put_between_marks(page, table) == f"above\n{MARKS[0]}\n{table}\n{MARKS[1]}below\n"
    )
    with pytest.raises(ValueError, match="no lines"):
        cluster.put_between_marks("above\nbelow\n", table)
