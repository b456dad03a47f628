# One rule per figure, from tables and arrays only: no plot trains. What a figure reads, what it needs
# and its caption are declared by its module (sparsevae/figures); a new module has its rule here.
from sparsevae.figures.plan import figure_files
from sparsevae.figures.sources import plots

FIGURES = figure_files(STUDY)
PLOTS = plots(STUDY, Path(DATASETS), PUBLISHED, partial(code_of, "plot_figure.py", "figures"))


for plot in PLOTS:
    for name, parts in plot.planned().items():
        LEDGER.expect(f"figures/{name}", parts)

    rule:
        name:
            f"plot_{plot.name}"
        input:
            unpack(plot.files),
            planned=LEDGER.planned(f"figures/{plot.stem}"),
        output:
            png=report(
                f"{RESULTS}/figures/{plot.stem}.png",
                caption="../report/figure.rst",
                category="Figures",
                subcategory=plot.subcategory,
                labels={"figure": plot.words},
            ),
            pdf=f"{RESULTS}/figures/{plot.stem}.pdf",
            made_from=LEDGER.made_from(f"figures/{plot.stem}"),
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
            code=plot.code,
            figure=plot.name,
            facts=plot.facts,
            caption=plot.caption,
            made_from=plot.made_from,
        message:
            plot.message
        script:
            "../scripts/plot_figure.py"
