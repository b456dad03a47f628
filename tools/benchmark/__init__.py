"""How fast and how large: `make bench`, every comparison side by side in one run.

`timing` measures variants in turn, `process` a command; `training`, `evaluation`, `memory`,
`planning` and `overhead` say what is compared, `plain` holds the procedures that others published,
written plainly; `summary` writes results/bench. Nothing of it is used by a study.
"""
