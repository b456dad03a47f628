"""Sphinx's settings for the report. The title, which names the study, is report/sphinx_run's."""

project = "sparsevae"
author = ""
extensions = ["myst_parser", "sparsevae.report.sphinx_run"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
root_doc = "index"
exclude_patterns = ["static"]

html_theme = "furo"
html_math_renderer = "mathml"
html_static_path = ["static"]  # below the pages, where report/build puts it
html_css_files = ["report.css"]
html_js_files = [("tables.js", {"defer": "defer"})]
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b5a8f",
        "color-brand-content": "#0b5a8f",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cb8ea",
        "color-brand-content": "#6cb8ea",
    },
}
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"
numfig = False
math_number_all = False
math_eqref_format = "Eq. {number}"

# A page that is opened from disk may not fetch others, and no page tells when it was made.
html_show_search_summary = False
html_last_updated_fmt = None
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_use_index = False

today = " "  # of no day: the same report, the same bytes
latex_documents = [("index", "report.tex", "sparsevae", "", "manual")]
latex_elements = {
    "papersize": "a4paper",
    "extraclassoptions": "openany,oneside",
    "figure_align": "H",  # where the text speaks of it
}
latex_show_urls = "no"
