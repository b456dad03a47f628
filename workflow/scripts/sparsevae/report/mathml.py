"""A Sphinx extension that writes formulas as MathML, when the site is built: no script, no fonts.

docutils has the converter, and Sphinx has not yet taken it up.
"""

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number

from sparsevae.jobs.errors import SiteError

# Browsers give "log" no space before its argument, where TeX has a thin one but before a bracket.
_SPACED = re.compile(r"<mo>&ApplyFunction;</mo>(?!\s*<mo stretchy=\"false\">[(\[])")
_THIN = '<mspace width="0.1667em"></mspace>'


def inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def displayed(self: Any, node: nodes.math_block) -> None:
    """With its number, which links to itself, where a formula has a label."""
    number = ""
    if node["number"]:
        label = get_node_equation_number(self, node)
        href = node["ids"][0] if node["ids"] else ""
        number = f'<a class="equation-number" href="#{href}">({label})</a>'
    identity = f' id="{node["ids"][0]}"' if node["ids"] else ""
    formula = mathml(node.astext(), block=True)
    self.body.append(f'<div class="equation"{identity}><div>{formula}</div>{number}</div>\n')
    raise nodes.SkipNode


def mathml(latex: str, block: bool) -> str:
    """Raises SiteError for LaTeX that the converter does not know."""
    try:
        return _SPACED.sub(_THIN, tex2mathml(latex, as_block=block))
    except MathError as error:
        raise SiteError(f"{latex.strip()!r}: {str(error).splitlines()[0]} (formula)") from None


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (inline, None), (displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
