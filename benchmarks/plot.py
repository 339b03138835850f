"""What does the run look like? Reads results on standard input and writes an SVG to the path named.

Runs in an environment of its own, which has matplotlib and nothing of the project.
"""

import json
import sys
from typing import Any

import matplotlib as mpl  # type: ignore[import-not-found]  # installed for the benchmark only
from matplotlib.figure import Figure  # type: ignore[import-not-found]

_SERVICE = "this service"
_MARKS = "osD^vP"


def draw(results: dict[str, Any], path: str) -> None:
    """Draw CPU per request against the size of the body, both on logarithmic axes."""
    # Text stays text, and the same numbers give the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "performance"})
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    sizes = results["sizes"]
    names = list(dict.fromkeys(name for cells in results["cells"].values() for name in cells))
    for mark, name in zip(_MARKS, names, strict=False):
        points = [
            (sizes[size] / 1e6, cells[name]["cpu_ms"])
            for size, cells in results["cells"].items()
            if name in cells
        ]
        width = 2.5 if name == _SERVICE else 1.2
        axes.plot(*zip(*points, strict=True), marker=mark, linewidth=width, label=name)
    axes.set(xscale="log", yscale="log", xlabel="size of the body", ylabel="CPU per request, ms")
    axes.set_xticks([length / 1e6 for length in sizes.values()], list(sizes))
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
