"""How is a run told? As docs/performance.md, and the demands on the screen."""

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.bodies import SIGNED_SIZE
from benchmarks.charts import CHARTS
from benchmarks.contestants import (
    CONTESTANTS,
    EVALUATION,
    SERVICE,
    SIGNED_CONTESTANTS,
    TYPED_FLOOR,
)
from benchmarks.demands import Demand, demands_on, medium_sizes, peer_share_in_floors
from benchmarks.installations import PEERS
from benchmarks.results import LOADS, Results, load_key
from benchmarks.steps import FLOOR, STEPS

TEMPLATES = Path(__file__).parent
_SMALL = 10
_LARGE = 100


def render(results: Results) -> str:
    """Write the document of a run."""
    environment = Environment(  # noqa: S701 - Markdown, of our own numbers
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=False,
    )
    demands = demands_on(results)
    return environment.get_template("performance.md.jinja").render(
        results=results,
        demands=demands,
        allowed=[(size, peer_share_in_floors(results, size)) for size in medium_sizes(results)],
        held=sum(each.verdict == "holds" for each in demands),
        names=[each.name for each in CONTESTANTS],
        loads=[load_key(*load) for load in LOADS],
        service_cpu=_cpu_of(SERVICE, results),
        floor_cpu=_cpu_of(TYPED_FLOOR, results),
        steps=(FLOOR, *STEPS),
        signed_size=SIGNED_SIZE,
        signed_names=[each.name for each in SIGNED_CONTESTANTS],
        alone=results.signed.get(EVALUATION),
        charts=len(CHARTS),
        versions=versions_of_peers(),
        number=number,
        beside=beside,
    )


def render_demands(demands: list[Demand]) -> str:
    """Write the demands as lines for a screen."""
    width = max(len(each.claim) for each in demands)
    lines = (
        f"{each.claim:<{width}}  {each.told:>10}  {each.told_limit:>10}  {each.verdict}"
        for each in demands
    )
    return "\n".join(lines) + "\n"


def versions_of_peers() -> Mapping[str, str]:
    """Give the version of each package that floors and peers are made of, by its name."""
    pinned = "\n".join(file.read_text("utf-8") for file in sorted(PEERS.glob("*.txt")))
    packages = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", pinned, re.MULTILINE))
    packages |= json.loads((PEERS / "package.json").read_text("utf-8"))["dependencies"]
    return packages | {name: version(name) for name in ("Flask", "gunicorn", "msgspec")}


def number(value: float) -> str:
    """Write a number with about three digits that count."""
    if abs(value) < _SMALL:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < _LARGE else f"{value:,.0f}"


def beside(value: float, other: float | None) -> str:
    """Write a number, and after it what multiple of another it is."""
    return f"{number(value)} ({value / other:.2f})" if other else number(value)


def _cpu_of(contestant: str, results: Results) -> Mapping[str, float | None]:
    cells = {size: results.cell(size, contestant) for size in results.sizes}
    return {size: cell.cpu_ms if cell else None for size, cell in cells.items()}
