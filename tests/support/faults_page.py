"""docs/kills.md: what the fault suite did, and what was lost."""

from collections import Counter
from collections.abc import Sequence

from disturbed import EPOCHS_BETWEEN_CHECKPOINTS, Disturbed

TEXT = """\
# Kills

Made by `make faults` (tests/workflow/test_kills.py, seed {seed}): the smoke study, with
trainings of 24 epochs and a checkpoint every {interval}, is killed again and again, by a signal at
a random moment or by SIGKILL right before a step of a write. "group" is a signal to snakemake and
all of its jobs, as Ctrl-C sends it. After each kill every file with its final name is compared with
an undisturbed study's; at the end all of them are.

| kills | survived | lost results | most epochs lost | plain calls to the end | `--unlock` |
|---|---|---|---|---|---|
| {kills} | {survived} | {lost} | {epochs} of {interval} | {reruns} | {unlocks} |

| what was killed | how | kills |
|---|---|---|
{rows}

Steps of a write are: `create` the temporary file, `write` it (it is left with half a file), `sync`
it to the disk, `rename` it to its final name, and `clean` away what is left; `link` stands for the
second name of a checkpoint.

The suite found that Ctrl-C during the probe of a run let scikit-learn go on with a classifier that
was half fitted, under a final name; jobs now end by themselves on Ctrl-C.
"""


def page_of(studies: Sequence[Disturbed], seed: int) -> str:
    kills = sum((study.kills for study in studies), Counter())
    survived = sum(study.survived for study in studies)
    rows = [
        f"| {victim} | {how} | {count} |"
        for (victim, how), count in sorted((kind.split(", "), n) for kind, n in kills.items())
    ]
    return TEXT.format(
        seed=seed,
        interval=EPOCHS_BETWEEN_CHECKPOINTS,
        kills=kills.total(),
        survived=survived,
        lost=kills.total() - survived,
        epochs=max(study.most_epochs_lost for study in studies),
        reruns=sum(study.reruns for study in studies),
        unlocks=sum(study.unlocks for study in studies),
        rows="\n".join(rows),
    )
