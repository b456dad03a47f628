"""results/bench: summary.csv, the same as Markdown with the machine above it, and the figure."""

import os
import platform
from pathlib import Path

import pandas as pd
import torch
from matplotlib.figure import Figure

from sparsevae import storage
from sparsevae.benchmark.planning import Plan
from sparsevae.benchmark.timing import REPEATS, Result
from sparsevae.plotting.style import PAGE_WIDTH, figure_style, save

COLUMNS = ["benchmark", "ours", "reference", "ratio", "goal", "met", "unit"]


def write(folder: Path, results: list[Result], plans: list[Plan]) -> None:
    rows = [{name: getattr(result, name) for name in COLUMNS} for result in results]
    storage.write_csv(folder / "summary.csv", rows, COLUMNS)
    planning = [vars(plan) for plan in plans]
    storage.write_csv(folder / "planning.csv", planning, ["runs", "seconds", "gib"])
    storage.write_text(folder / "summary.md", markdown(results))
    save(figure(results, plans), folder / "summary.png", folder / "summary.pdf")


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = names[0] if names else platform.processor()
    return (
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB; Python "
        f"{platform.python_version()}, torch {torch.__version__}, one thread"
    )


def markdown(results: list[Result]) -> str:
    lines = [
        "# Benchmarks",
        "",
        f"{machine()}. Medians of {REPEATS} interleaved repeats; a ratio above 1 is in our favour.",
        "",
        "| benchmark | ours | reference | unit | ratio | goal | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        goal = "" if result.goal is None else f"{result.goal:g}"
        met = {True: "yes", False: "**no**", None: ""}[result.met]
        lines.append(
            f"| {result.benchmark} | {result.ours:,.4g} | {result.reference:,.4g} | {result.unit} "
            f"| {result.ratio:.2f} | {goal} | {met} |"
        )
    return "\n".join(lines) + "\n"


def figure(results: list[Result], plans: list[Plan]) -> Figure:
    """Ratios with their goals as marks, and what planning takes against the number of runs."""
    table = pd.DataFrame([{"name": r.benchmark, "ratio": r.ratio, "goal": r.goal} for r in results])
    with figure_style():
        made = Figure(figsize=(PAGE_WIDTH, 0.2 * len(table) + 1.2), layout="constrained")
        bars, growth = made.subplots(1, 2, width_ratios=[2, 1])
        rows = range(len(table))
        bars.barh(rows, table["ratio"], color="#56B4E9", height=0.6)
        bars.scatter(table["goal"], rows, marker="|", s=60, color="black", zorder=3, label="goal")
        bars.set(yticks=rows, yticklabels=table["name"], xlabel="ratio, ours the better above 1")
        bars.set_xscale("log")
        bars.invert_yaxis()
        bars.legend(loc="lower right")
        runs = [plan.runs for plan in plans]
        growth.loglog(runs, [plan.seconds for plan in plans], marker="o", label="seconds")
        growth.loglog(runs, [plan.gib for plan in plans], marker="s", label="GiB")
        growth.set(xlabel="runs planned")
        growth.legend()
    return made
