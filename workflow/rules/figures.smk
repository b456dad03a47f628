# One rule per figure, for each dataset, from tables and arrays only: no plot trains.


rule plot_training_history:
    # Learning curves: one line per model at the shown latent size, all seeds.
    input:
        runs=lambda wildcards: run_files(shown_seeds(wildcards), "history.csv"),
        code=code_of("plot_training_history.py", "figures"),
    output:
        png=figure_png("training_history"),
        pdf=f"{RESULTS}/figures/{{dataset}}/training_history.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/training_history.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/training_history.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown_seeds(wildcards)],
        seeds=lambda wildcards: [run.seed for run in shown_seeds(wildcards)],
        latent_dim=lambda wildcards: shown_seeds(wildcards)[0].latent_dim,
    message:
        "Drawing training_history of {wildcards.dataset}"
    script:
        "../scripts/plot_training_history.py"


rule plot_reconstructions:
    # Clean and noisy inputs, and what each model makes of them.
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_reconstructions.py", "figures"),
    output:
        png=figure_png("reconstructions"),
        pdf=f"{RESULTS}/figures/{{dataset}}/reconstructions.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/reconstructions.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/reconstructions.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing reconstructions of {wildcards.dataset}"
    script:
        "../scripts/plot_reconstructions.py"


rule plot_latent_grid:
    # The plane of two latents, decoded; only for latent size 2.
    input:
        runs=lambda wildcards: run_files(shown_plane(wildcards), "pictures.npz"),
        code=code_of("plot_latent_grid.py", "figures"),
    output:
        png=figure_png("latent_grid"),
        pdf=f"{RESULTS}/figures/{{dataset}}/latent_grid.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/latent_grid.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/latent_grid.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown_plane(wildcards)],
        latent_dim=lambda wildcards: shown_plane(wildcards)[0].latent_dim,
    message:
        "Drawing latent_grid of {wildcards.dataset}"
    script:
        "../scripts/plot_latent_grid.py"


rule plot_class_activations:
    # Mean latents and spike probabilities per class (UAI fig. 5).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "class_activations.csv"),
        code=code_of("plot_class_activations.py", "figures"),
    output:
        png=figure_png("class_activations"),
        pdf=f"{RESULTS}/figures/{{dataset}}/class_activations.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/class_activations.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/class_activations.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
        class_names=lambda wildcards: list(CATALOGUE[wildcards.dataset].class_names),
    message:
        "Drawing class_activations of {wildcards.dataset}"
    script:
        "../scripts/plot_class_activations.py"


rule plot_prior_samples:
    # Draws from the prior of each generative model.
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_prior_samples.py", "figures"),
    output:
        png=figure_png("prior_samples"),
        pdf=f"{RESULTS}/figures/{{dataset}}/prior_samples.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/prior_samples.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/prior_samples.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing prior_samples of {wildcards.dataset}"
    script:
        "../scripts/plot_prior_samples.py"


rule plot_traversals:
    # Pictures along the most active latents (UAI fig. 4).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_traversals.py", "figures"),
    output:
        png=figure_png("traversals"),
        pdf=f"{RESULTS}/figures/{{dataset}}/traversals.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/traversals.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/traversals.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing traversals of {wildcards.dataset}"
    script:
        "../scripts/plot_traversals.py"


rule plot_largest_codes:
    # Pictures along the largest elements of one code (the reproduction).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_largest_codes.py", "figures"),
    output:
        png=figure_png("largest_codes"),
        pdf=f"{RESULTS}/figures/{{dataset}}/largest_codes.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/largest_codes.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/largest_codes.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing largest_codes of {wildcards.dataset}"
    script:
        "../scripts/plot_largest_codes.py"


rule plot_conditional_samples:
    # Test objects varied along their active latents (UAI fig. 6).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_conditional_samples.py", "figures"),
    output:
        png=figure_png("conditional_samples"),
        pdf=f"{RESULTS}/figures/{{dataset}}/conditional_samples.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/conditional_samples.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/conditional_samples.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing conditional_samples of {wildcards.dataset}"
    script:
        "../scripts/plot_conditional_samples.py"


rule plot_interpolation:
    # Shared latents of two objects interpolated, the others switched (UAI fig. 7).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_interpolation.py", "figures"),
    output:
        png=figure_png("interpolation"),
        pdf=f"{RESULTS}/figures/{{dataset}}/interpolation.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/interpolation.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/interpolation.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing interpolation of {wildcards.dataset}"
    script:
        "../scripts/plot_interpolation.py"


rule plot_pseudo_inputs:
    # Learned pseudo-inputs and what their encodings decode to.
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "pictures.npz"),
        code=code_of("plot_pseudo_inputs.py", "figures"),
    output:
        png=figure_png("pseudo_inputs"),
        pdf=f"{RESULTS}/figures/{{dataset}}/pseudo_inputs.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/pseudo_inputs.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/pseudo_inputs.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
    message:
        "Drawing pseudo_inputs of {wildcards.dataset}"
    script:
        "../scripts/plot_pseudo_inputs.py"


rule plot_sparse_codes:
    # One code as bars at the smallest, a middle and the largest size (the reproduction).
    input:
        runs=lambda wildcards: run_files(shown_sizes(wildcards), "pictures.npz"),
        code=code_of("plot_sparse_codes.py", "figures"),
    output:
        png=figure_png("sparse_codes"),
        pdf=f"{RESULTS}/figures/{{dataset}}/sparse_codes.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/sparse_codes.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/sparse_codes.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: [run.model for run in shown_sizes(wildcards)],
        latent_dims=lambda wildcards: [run.latent_dim for run in shown_sizes(wildcards)],
    message:
        "Drawing sparse_codes of {wildcards.dataset}"
    script:
        "../scripts/plot_sparse_codes.py"


rule plot_bound_vs_latent_dim:
    # The reproduction's figure: bound against latent size, seeds as spread.
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        code=code_of("plot_bound_vs_latent_dim.py", "figures"),
    output:
        png=figure_png("bound_vs_latent_dim"),
        pdf=f"{RESULTS}/figures/{{dataset}}/bound_vs_latent_dim.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/bound_vs_latent_dim.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/bound_vs_latent_dim.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        models=lambda wildcards: list(STUDY.grids[wildcards.dataset].models),
    message:
        "Drawing bound_vs_latent_dim of {wildcards.dataset}"
    script:
        "../scripts/plot_bound_vs_latent_dim.py"
