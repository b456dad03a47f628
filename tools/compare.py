"""python -m compare STUDY REFERENCE: which cells of two studies agree within their spread.

Each is a folder with `tables/metrics.csv`: of results, or below docs/reference. Prints the
share of cells that agree and those that differ; `--to FILE` writes all as CSV.
"""

import argparse
import sys
from pathlib import Path

from sparsevae.comparison.studies import DIFFERS, KEYS, compare_studies, share_agreeing
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.tables import read_table, write_table


def report(ours: Path, reference: Path, to: Path | None = None) -> str:
    """Return what is printed. Raise UserError for a folder without a table or a common cell."""
    tables = []
    for folder in (ours, reference):
        file = folder / "tables/metrics.csv"
        if not file.is_file():
            raise UserError(f"{file}: not there; name the folder of a finished study")
        tables.append(read_table(file))
    table = compare_studies(*tables)
    counts = table["verdict"].value_counts()
    share = share_agreeing(table)
    if share != share:
        raise UserError(f"{ours} and {reference}: no cell of both has a spread over seeds")
    if to is not None:
        write_table(to, table)
    lines = [f"{share:.1%} of the cells that can be decided agree (95 % if only seeds differ)"]
    lines += [f"{verdict}: {number}" for verdict, number in counts.items()]
    for row in table[table["verdict"] == DIFFERS].to_dict("records"):
        cell = "/".join(str(row[key]) for key in KEYS)
        lines.append(f"  {cell} {row['measure']}: {row['ours']:.5g}, {row['reference']:.5g}")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ours", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    try:
        print(report(given.ours, given.reference, given.to))
    except UserError as error:
        sys.exit(f"{type(error).__name__}: {error}")
