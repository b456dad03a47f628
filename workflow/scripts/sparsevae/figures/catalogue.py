"""The figures that a study can ask for, by name. No matplotlib: the Snakefile reads this."""

FIGURES = (
    "training_history",
    "bound_vs_latent_dim",
    "accuracy_vs_latent_dim",
    "accuracy_vs_labels",
    "bound_vs_weight",
    "reconstructions",
    "latent_grid",
    "class_activations",
    "prior_samples",
    "traversals",
    "scorecard",
    "examples",
    "class_spikes",
    "factor_correlations",
    "used_latents_vs_latent_dim",
    "conditional_samples",
    "interpolation",
    "largest_codes",
    "sparse_codes",
    "pseudo_inputs",
)


def figure_names() -> tuple[str, ...]:
    """Return the names, in the order of the reference."""
    return FIGURES
