# One rule per figure, from tables and arrays only: no plot trains. What a figure reads, what it needs
# and its caption are declared by its module (sparsevae/figures); a new module has its rule here.
from sparsevae.figures.plan import figure_files
from sparsevae.figures.sources import plots

FIGURES = figure_files(STUDY)


for plot in plots(STUDY, Path(DATASETS), PUBLISHED):

    rule:
        name:
            f"plot_{plot.name}"
        input:
            unpack(plot.files),
        output:
            png=report(
                f"{RESULTS}/figures/{plot.stem}.png",
                caption="../report/figure.rst",
                category="Figures",
                subcategory=plot.subcategory,
                labels={"figure": plot.words},
            ),
            pdf=f"{RESULTS}/figures/{plot.stem}.pdf",
        log:
            f"{RESULTS}/logs/figures/{plot.stem}.log",
        benchmark:
            f"{RESULTS}/benchmarks/figures/{plot.stem}.tsv"
        wildcard_constraints:
            dataset="|".join(plot.datasets),
        localrule: True
        conda:
            environment("figures")
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code_of("plot_figure.py", "figures", plot.module),
            figure=plot.name,
            facts=plot.facts,
            caption=plot.caption,
        message:
            plot.message
        script:
            "../scripts/plot_figure.py"
