"""How does a person run the coverage-guided fuzzer, and what does it report? See `make fuzz`.

Exit status 0: no promise was broken; 1: something was found, and `var/fuzz/findings` holds it.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.seeds import seeds

ROOT = Path(__file__).resolve().parents[2]
ATHERIS = ROOT / ".tools" / "atheris"
SECONDS_FOR_ONE_CASE = 10  # two calls, instrumented; an ordinary case takes hundredths
MEBIBYTES = 640  # the process at rest takes about 200
MAX_CASE_BYTES = 65_536
# The peak memory of a process begins with that of the one it is started from, which may be a test
# run of any size. A process that a small shell starts has a peak of its own.
_AFRESH = ("/bin/sh", "-c", '"$@"; exit $?', "sh")
_SUMMED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/")
_STATISTIC = re.compile(r"^stat::(\w+): +(\d+)", re.MULTILINE)


def main(arguments: list[str] | None = None) -> int:
    """Run for so many minutes, or so many cases, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--runs", type=int, help="so many cases, always the same, and no clock")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "fuzz")
    wanted = parser.parse_args(arguments)
    if not ATHERIS.is_dir():
        parser.error("atheris is not there: `make fuzz` puts it into .tools where it can")
    limit = [f"-max_total_time={round(60 * wanted.minutes)}"]
    if wanted.runs is not None:
        limit = [f"-runs={wanted.runs}", "-seed=1"]
    corpus, findings = _lay_out(wanted.folder)
    code, log = _run([str(findings), str(corpus), *limit, f"-artifact_prefix={findings}/"])
    return report(code, log, findings)


def _lay_out(folder: Path) -> tuple[Path, Path]:
    """Make the folders; what an earlier run learnt is kept, what it found is cleared."""
    corpus, findings, store = (folder / name for name in ("corpus", "findings", "store"))
    for each in (corpus, findings, store):
        each.mkdir(parents=True, exist_ok=True)
    for old in (*findings.iterdir(), *store.iterdir()):
        old.unlink()
    for name, case in seeds():
        (corpus / f"seed-{name}").write_bytes(case.as_text())
    return corpus, findings


def _run(arguments: list[str]) -> tuple[int, str]:
    command = [
        *_AFRESH,
        sys.executable,
        "-m",
        "tests.fuzz.guided",
        *arguments,
        f"-timeout={SECONDS_FOR_ONE_CASE}",
        f"-rss_limit_mb={MEBIBYTES}",
        f"-max_len={MAX_CASE_BYTES}",
        "-print_final_stats=1",
    ]
    environment = os.environ | {"PYTHONPATH": f"{ATHERIS}{os.pathsep}{ROOT}"}
    lines = []
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        for line in process.stderr or ():
            lines.append(line)
            if "\tpulse" in line or "ERROR" in line:
                print(line, end="", flush=True)  # noqa: T201 - a command
    return process.returncode, "".join(lines)


def report(code: int, log: str, findings: Path) -> int:
    """Say what came of a run; give the exit status. log: what libFuzzer wrote."""
    (findings / "log.txt").write_text(log, "utf-8")
    statistics = dict(_STATISTIC.findall(log))
    measured = _SUMMED.findall(log)
    covered, features, kept = measured[-1] if measured else ("?", "?", "?")
    whys = [file.read_text("utf-8") for file in sorted(findings.glob("*.why"))]
    ended = [file.name for file in findings.iterdir() if re.match(r"crash|timeout|oom", file.name)]
    slowest = findings / "slowest.json"
    _say(
        [
            f"executions       {statistics.get('number_of_executed_units', '?')}",
            f"coverage         {covered} branches and lines, {features} features",
            f"corpus           {kept} cases, {statistics.get('new_units_added', '?')} of them new",
            f"broken promises  {len(whys)}",
            *(f"  {why.rstrip()}" for why in whys),
            f"hangs, memory    {', '.join(ended) or 'none'}",
            f"slowest case     {slowest.read_text('utf-8') if slowest.exists() else '?'}",
            f"peak memory      {statistics.get('peak_rss_mb', '?')} MiB",
        ]
    )
    if code and not whys and not ended:
        _say([f"the process ended with {code}; its last words:", *log.splitlines()[-20:]])
    return 1 if code or whys or ended else 0


def _say(lines: Iterable[str]) -> None:
    print("\n".join(lines), flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
