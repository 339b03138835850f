"""How fast is the service? `python -m benchmarks [--quick]` measures, judges, draws and writes.

Prints the demands on the screen; tables go to docs/performance.md, the numbers to .bench.
"""

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import msgspec

from benchmarks.bodies import SIGNED_BYTES, SIGNED_SIZE, SIZES, make_body, read_call, write_call
from benchmarks.charts import NoChartsError
from benchmarks.demands import demands_on
from benchmarks.imports import models_after_a_call
from benchmarks.installations import BENCH, ROOT, NotInstalledError, python_with
from benchmarks.many_resources import measure_growth
from benchmarks.measuring import measure, measure_signed, tell
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.population import judge_populations
from benchmarks.processes import is_supported
from benchmarks.report import render, render_demands
from benchmarks.results import Results
from benchmarks.servers import NotRunningError
from benchmarks.steps import measure_steps
from cds import clock

DOCUMENT = ROOT / "docs" / "performance.md"
PICTURE = Path("images") / "performance.svg"


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds: three minutes or so.")
@click.option("--document", type=click.Path(path_type=Path), default=DOCUMENT)
def main(quick: bool, document: Path) -> None:
    """Measure the service beside floors and peers, and write the document."""
    if not is_supported():
        raise click.ClickException("the benchmark reads /proc, which only Linux has")
    try:
        results = run(QUICK if quick else FULL, clock.today())
    except NoChartsError as error:
        sys.stdout.write(f"bench: skipped, because {error}\n")
        return
    picture = document.parent / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    numbers = msgspec.json.encode(results)
    (BENCH / "results.json").write_bytes(numbers)
    document.write_text(render(results), encoding="utf-8")
    draw(numbers, picture)
    sys.stdout.write(render_demands(demands_on(results)))
    sys.stdout.write(f"The tables are in {document}.\n")


def run(plan: Plan, today: date) -> Results:
    """Measure everything. Errors: NoChartsError where the real charts are missing."""
    BENCH.mkdir(exist_ok=True)
    tell("making bodies")
    bodies = {name: make_body(size, today) for name, size in SIZES.items()}
    first = write_call(read_call(today))
    steps = measure_steps(bodies, today, plan.rounds.most)
    populations = judge_populations(plan.most_patients)
    gathered = measure(bodies, first, plan)
    tell("signed calls")
    signed_body = make_body(SIGNED_BYTES, today)
    signed = measure_signed(signed_body, first, plan.signed)
    tell("many resources of one patient")
    try:
        quadratic = measure_growth(today, rounds=min(plan.rounds.most, 3))
    except NotRunningError as error:  # what was measured until here is worth keeping
        quadratic = {}
        tell(f"the service {error}")
    return Results(
        machine=describe_machine(),
        sizes={name: len(body) for name, body in bodies.items()},
        cells=gathered.cells(),
        missing=signed.missing | gathered.missing,
        cold_start_seconds=gathered.cold_starts,
        steps=steps,
        quadratic=quadratic,
        models_imported=models_after_a_call(first),
        populations=populations,
        signed_bytes=len(signed_body),
        signed=signed.cells().get(SIGNED_SIZE, {}),
        signed_rounds=signed.most_rounds(),
        rounds=gathered.most_rounds(),
        quick=plan is QUICK,
    )


def describe_machine() -> str:
    """Say what the machine is in general words: nothing that names it."""
    system = f"{platform.system()} on {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"


def draw(numbers: bytes, picture: Path) -> None:
    """Draw the picture, in an environment that has the library for it."""
    try:
        python = python_with("matplotlib")
    except NotInstalledError as error:
        tell(f"the picture is not drawn: {error}")
        return
    program = Path(__file__).with_name("plot.py")
    subprocess.run((str(python), str(program), str(picture)), input=numbers, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
