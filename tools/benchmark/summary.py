"""results/bench: summary.csv, the same as Markdown with the machine above it, and the figure."""

import math
import os
import platform
from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sparsevae.figures.style import PAGE_WIDTH, figure_style, save
from sparsevae.jobs import storage

from benchmark.planning import Plan
from benchmark.timing import REPEATS, Result

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
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
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
    with figure_style():
        made = Figure(figsize=(PAGE_WIDTH, 0.2 * len(results) + 0.8), layout="constrained")
        bars, right = made.subfigures(1, 2, width_ratios=[2.2, 1])
        _draw_ratios(bars.subplots(), results)
        seconds, memory = right.subplots(2, 1, sharex=True)
        runs = [plan.runs for plan in plans]
        seconds.plot(runs, [plan.seconds for plan in plans], marker="o")
        seconds.set(ylabel="seconds", ylim=(0, None), title="planning")
        memory.plot(runs, [plan.gib for plan in plans], marker="o")
        memory.set(ylabel="GiB", ylim=(0, None), xlabel="runs", xlim=(0, None))
    return made


def _draw_ratios(axes: Axes, results: list[Result]) -> None:
    rows = range(len(results))
    goals = [math.nan if result.goal is None else result.goal for result in results]
    axes.barh(rows, [result.ratio for result in results], color="#56B4E9", height=0.6)
    axes.scatter(goals, rows, marker="|", s=60, color="black", zorder=3, label="goal")
    names = [result.benchmark for result in results]
    axes.set(yticks=rows, yticklabels=names, xlabel="ratio; ours is the better one above 1")
    axes.axvline(1, color="0.5", linewidth=0.8)
    axes.invert_yaxis()
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False)
