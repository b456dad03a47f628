"""What the jobs of a study took, from the files that `benchmark:` leaves; differs run by run."""

from pathlib import Path

import pandas as pd

COLUMNS = ["job", "jobs", "seconds", "longest_s", "cpu_s", "memory_mb"]


def run_times(folder: Path) -> pd.DataFrame:
    """One row per kind of job: number, summed and longest seconds, CPU seconds, largest memory.

    Kinds are the folders of `benchmarks/`; an empty table without any.
    """
    rows = []
    for file in sorted(folder.rglob("*.tsv")):
        table = pd.read_csv(file, sep="\t", na_values=["-", "NA"])
        if table.empty:
            continue
        last = table.iloc[-1]
        kind = _kind(file.relative_to(folder))
        rows.append((kind, last["s"], last.get("cpu_time"), last.get("max_rss")))
    frame = pd.DataFrame(rows, columns=["job", "s", "cpu", "rss"])
    if frame.empty:
        return pd.DataFrame(columns=COLUMNS)
    groups = frame.groupby("job", sort=True)
    table = pd.DataFrame(
        {
            "jobs": groups.size(),
            "seconds": groups["s"].sum().round(1),
            "longest_s": groups["s"].max().round(1),
            "cpu_s": groups["cpu"].sum().round(1),
            "memory_mb": groups["rss"].max().round(0),
        }
    )
    return table.reset_index().sort_values("seconds", ascending=False)[COLUMNS]


def _kind(path: Path) -> str:
    """`runs: vae` of runs/digits/vae/latent-2/seed-1.tsv, `figures` of figures/digits/x.tsv."""
    parts = path.parts
    if parts[0] == "runs" and len(parts) > 3:
        return f"training and evaluation of {parts[2]} on {parts[1]}"
    return parts[0]
