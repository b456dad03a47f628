"""Names of columns that the tables of a study share. No pandas: the Snakefile imports this."""

KEYS = ["dataset", "model", "latent_dim"]
# 1 for a run that a mean should not hold without a word: counted, and not averaged.
FLAGS = ("collapsed", "worse_than_mean")
# In a study with sweeps: the model of the config that a variant belongs to, and its own settings.
SWEPT, SWEEP = "swept", "sweep."
# Columns of names and sentences. A study may call a model "1", "nan", "null", "inf" or "True".
TEXT = (
    *("dataset", "model", "family", "label_a", "label_b", "codes", "classifier"),
    *("claim", "source", "compared", "measure", "latent_dims", "interval", "correction", "over"),
    *("verdict",),
    *("setting", "note"),
    *(SWEPT, "selected", "selected_by"),
    *("reference", "kind", "what"),
)
