# One rule per figure, for each dataset, from tables and arrays only: no plot trains.


localrules:
    plot_training_history,
    plot_reconstructions,
    plot_latent_grid,
    plot_class_activations,
    plot_prior_samples,
    plot_traversals,
    plot_largest_codes,
    plot_conditional_samples,
    plot_interpolation,
    plot_pseudo_inputs,
    plot_sparse_codes,
    plot_bound_vs_latent_dim,
    plot_examples,
    plot_class_spikes,
    plot_factor_correlations,
    plot_used_latents_vs_latent_dim,
    plot_bound_vs_weight,
    plot_scorecard,
    plot_accuracy_vs_latent_dim,
    plot_accuracy_vs_labels,


rule plot_training_history:
    # Learning curves: one line per model at the shown latent size, all seeds.
    input:
        runs=lambda wildcards: run_files(shown_seeds(wildcards), "history.csv"),
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
        code=code_of("plot_training_history.py", "figures"),
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
        code=code_of("plot_reconstructions.py", "figures"),
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
        code=code_of("plot_latent_grid.py", "figures"),
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
        code=code_of("plot_class_activations.py", "figures"),
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
        code=code_of("plot_prior_samples.py", "figures"),
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
        code=code_of("plot_traversals.py", "figures"),
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
        code=code_of("plot_largest_codes.py", "figures"),
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
        code=code_of("plot_conditional_samples.py", "figures"),
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
        code=code_of("plot_interpolation.py", "figures"),
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
        code=code_of("plot_pseudo_inputs.py", "figures"),
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
        code=code_of("plot_sparse_codes.py", "figures"),
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
        published=PUBLISHED,
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
        code=code_of("plot_bound_vs_latent_dim.py", "figures"),
        models=lambda wildcards: list(STUDY.grids[wildcards.dataset].models),
        settings=lambda wildcards: settings_of_models(wildcards.dataset),
    message:
        "Drawing bound_vs_latent_dim of {wildcards.dataset}"
    script:
        "../scripts/plot_bound_vs_latent_dim.py"


rule plot_examples:
    # Pictures of the test set (UAI fig. 2).
    input:
        test=f"{DATASETS}/{{dataset}}/test.npz",
    output:
        png=figure_png("examples"),
        pdf=f"{RESULTS}/figures/{{dataset}}/examples.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/examples.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/examples.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_examples.py", "figures"),
    message:
        "Drawing examples of {wildcards.dataset}"
    script:
        "../scripts/plot_examples.py"


rule plot_class_spikes:
    # Spike probabilities per class, and their cosines (UAI fig. 5).
    input:
        runs=lambda wildcards: run_files(shown(wildcards), "class_activations.csv"),
        published=published_classes,
    output:
        png=figure_png("class_spikes"),
        pdf=f"{RESULTS}/figures/{{dataset}}/class_spikes.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/class_spikes.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/class_spikes.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_class_spikes.py", "figures"),
        models=lambda wildcards: [run.model for run in shown(wildcards)],
        latent_dim=lambda wildcards: shown(wildcards)[0].latent_dim,
        class_names=lambda wildcards: list(CATALOGUE[wildcards.dataset].class_names),
        labels=class_order,
    message:
        "Drawing class_spikes of {wildcards.dataset}"
    script:
        "../scripts/plot_class_spikes.py"


rule plot_factor_correlations:
    # Correlations of latents with known factors, every model and latent size (UAI figs 3, 9).
    input:
        runs=lambda wildcards: run_files(every_size(wildcards), "factor_correlations.csv"),
        published=lambda wildcards: list(published_correlations(wildcards).values()),
    output:
        png=figure_png("factor_correlations"),
        pdf=f"{RESULTS}/figures/{{dataset}}/factor_correlations.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/factor_correlations.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/factor_correlations.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_factor_correlations.py", "figures"),
        models=lambda wildcards: [run.model for run in every_size(wildcards)],
        families=lambda wildcards: [run.family for run in every_size(wildcards)],
        latent_dims=lambda wildcards: [run.latent_dim for run in every_size(wildcards)],
        published=lambda wildcards: list(map(list, published_correlations(wildcards))),
    message:
        "Drawing factor_correlations of {wildcards.dataset}"
    script:
        "../scripts/plot_factor_correlations.py"


rule plot_used_latents_vs_latent_dim:
    # How many latents are used, of how many, seeds as spread.
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        published=lambda wildcards: list(published_correlations(wildcards).values()),
    output:
        png=figure_png("used_latents_vs_latent_dim"),
        pdf=f"{RESULTS}/figures/{{dataset}}/used_latents_vs_latent_dim.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/used_latents_vs_latent_dim.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/used_latents_vs_latent_dim.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_used_latents_vs_latent_dim.py", "figures"),
        models=lambda wildcards: list(STUDY.grids[wildcards.dataset].models),
        families=lambda wildcards: [run.family for run in shown(wildcards)],
        published=lambda wildcards: list(map(list, published_correlations(wildcards))),
    message:
        "Drawing used_latents_vs_latent_dim of {wildcards.dataset}"
    script:
        "../scripts/plot_used_latents_vs_latent_dim.py"


rule plot_bound_vs_weight:
    # Bound against beta and alpha (UAI fig. 1).
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        published=PUBLISHED,
    output:
        png=figure_png("bound_vs_weight"),
        pdf=f"{RESULTS}/figures/{{dataset}}/bound_vs_weight.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/bound_vs_weight.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/bound_vs_weight.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_bound_vs_weight.py", "figures"),
        latent_dim=lambda wildcards: STUDY.grids[wildcards.dataset].shown_latent_dim,
        settings=lambda wildcards: settings_of_models(wildcards.dataset),
    message:
        "Drawing bound_vs_weight of {wildcards.dataset}"
    script:
        "../scripts/plot_bound_vs_weight.py"


rule plot_scorecard:
    # Every published number beside ours, in one figure for the study.
    input:
        scorecard=f"{RESULTS}/tables/scorecard.csv",
    output:
        png=study_figure_png("scorecard"),
        pdf=f"{RESULTS}/figures/scorecard.pdf",
    log:
        f"{RESULTS}/logs/figures/scorecard.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/scorecard.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_scorecard.py", "figures"),
    message:
        "Drawing the scorecard"
    script:
        "../scripts/plot_scorecard.py"


rule plot_accuracy_vs_latent_dim:
    # The reproduction's accuracies: linear probes against latent size.
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        published=PUBLISHED,
    output:
        png=figure_png("accuracy_vs_latent_dim"),
        pdf=f"{RESULTS}/figures/{{dataset}}/accuracy_vs_latent_dim.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/accuracy_vs_latent_dim.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/accuracy_vs_latent_dim.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_accuracy_vs_latent_dim.py", "figures"),
        models=lambda wildcards: list(STUDY.grids[wildcards.dataset].models),
        settings=lambda wildcards: settings_of_models(wildcards.dataset),
    message:
        "Drawing accuracy_vs_latent_dim of {wildcards.dataset}"
    script:
        "../scripts/plot_accuracy_vs_latent_dim.py"


rule plot_accuracy_vs_labels:
    # Linear and two-layer probes against the number of labels.
    input:
        probes=f"{RESULTS}/tables/probes.csv",
    output:
        png=figure_png("accuracy_vs_labels"),
        pdf=f"{RESULTS}/figures/{{dataset}}/accuracy_vs_labels.pdf",
    log:
        f"{RESULTS}/logs/figures/{{dataset}}/accuracy_vs_labels.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/{{dataset}}/accuracy_vs_labels.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("plot_accuracy_vs_labels.py", "figures"),
        models=lambda wildcards: list(STUDY.grids[wildcards.dataset].models),
        latent_dim=lambda wildcards: STUDY.grids[wildcards.dataset].shown_latent_dim,
    message:
        "Drawing accuracy_vs_labels of {wildcards.dataset}"
    script:
        "../scripts/plot_accuracy_vs_labels.py"
