"""What tracked reference studies say where a study did not run something itself.

A reference study is below docs/reference: its tables were made by the same workflow, with its own
config, seeds and machine. Its verdicts are not the study's, and are always marked with its name.
"""

from collections.abc import Mapping

import pandas as pd

COLUMNS = [
    *("reference", "kind", "dataset", "what", "source", "latent_dims"),
    *("published", "value", "seeds", "verdict"),
]
CLAIM, NUMBER = "claim", "number"
_DECIDED = ("holds", "fails")
_OF_A_NUMBER = ["source", "dataset", "model", "setting", "latent_dim", "measure"]

Tables = Mapping[str, pd.DataFrame]  # a study's claims and scorecard


def collect(ours: Tables, references: Mapping[str, Tables]) -> pd.DataFrame:
    """Return COLUMNS: what references tested or measured and this study did not.

    ours: the study's tables `claims` and `scorecard`; references: the same of each reference, by
    name. A claim is left out for a dataset where the study decides it, a published number where the
    study has one to compare.
    """
    parts = [
        part
        for name, tables in references.items()
        for part in (
            _claims(name, tables["claims"], ours["claims"]),
            _numbers(name, tables["scorecard"], ours["scorecard"]),
        )
    ]
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=COLUMNS)


def _claims(name: str, theirs: pd.DataFrame, ours: pd.DataFrame) -> list[dict[str, object]]:
    decided = ours[ours["verdict"].isin(_DECIDED)]
    here = set(zip(decided["claim"], decided["dataset"], strict=True))
    return [
        {
            "reference": name,
            "kind": CLAIM,
            "dataset": row["dataset"],
            "what": f"{row['claim']} ({row['compared']})",
            "source": row["source"],
            "latent_dims": row["latent_dims"],
            "value": row["effect"],
            "seeds": row["n"],
            "verdict": row["verdict"],
        }
        for row in theirs.to_dict("records")
        if row["verdict"] != "not run" and (row["claim"], row["dataset"]) not in here
    ]


def _numbers(name: str, theirs: pd.DataFrame, ours: pd.DataFrame) -> list[dict[str, object]]:
    known = ours[ours["verdict"] != "missing"]
    here = {tuple(map(str, row)) for row in known[_OF_A_NUMBER].itertuples(index=False)}
    return [
        {
            "reference": name,
            "kind": NUMBER,
            "dataset": row["dataset"],
            "what": f"{row['measure']} of {row['model']}",
            "source": row["source"],
            "latent_dims": str(row["latent_dim"]),
            "published": row["published"],
            "value": row["ours"],
            "seeds": row["n_seeds"],
            "verdict": row["verdict"],
        }
        for row in theirs.to_dict("records")
        if row["verdict"] != "missing" and tuple(str(row[key]) for key in _OF_A_NUMBER) not in here
    ]
