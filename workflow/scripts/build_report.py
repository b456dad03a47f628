"""The report of a study, as a site."""

from pathlib import Path

from sparsevae.comparison.selection import kept
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table
from sparsevae.report.build import build_site
from sparsevae.report.pages import Inputs
from sparsevae.report.study_page import from_mapping, with_selected

with job(snakemake) as report:
    # Sphinx works in a folder of its own, so that every path has to be absolute.
    site = Path(snakemake.output.site).resolve()
    scripts = Path(snakemake.scriptdir).resolve()
    tables = {Path(file).stem: Path(file).resolve() for file in snakemake.input.tables}
    inputs = Inputs(
        study=with_selected(
            from_mapping(snakemake.params.study), kept(read_table(tables["selection"]))
        ),
        tables=tables,
        figures=site.parent / "figures",
        benchmarks=site.parent / "benchmarks",
        templates=scripts.parent / "pages",
        captions=scripts.parent / "report",
        environments=[Path(file).resolve() for file in snakemake.input.environments],
        package=scripts / "sparsevae",
        explorer=site.parent / "explorer" if snakemake.input.explorer else None,
    )
    build_site(inputs, site, latex=snakemake.params.latex, report=report)
