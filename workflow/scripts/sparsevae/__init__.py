"""Variational Sparse Coding and its relatives: models, bounds, data, figures. See docs/design.md.

Nothing is imported here: the Snakefile and the plotting rules use parts of it without torch.
"""
