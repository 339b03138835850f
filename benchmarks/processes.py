"""What has a server used? CPU time and memory of a process and all it started, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/PID/stat after the name
_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds, user and system, and bytes, of a tree of processes."""

    cpu_seconds: float
    resident: int
    peak: int


def is_supported() -> bool:
    """Say whether this system tells what a process uses."""
    return (PROC / "self" / "stat").is_file()


def usage_of(root: int) -> Usage:
    """Add up a process and its descendants. One that ends in the meantime counts as nothing."""
    tree = _tree(root)
    cpu = sum(int(stat[_USER]) + int(stat[_SYSTEM]) for stat in tree.values())
    memory = [_memory(pid) for pid in tree]
    return Usage(
        cpu_seconds=cpu / _TICKS,
        resident=sum(each.get("VmRSS", 0) for each in memory),
        peak=sum(each.get("VmHWM", 0) for each in memory),
    )


def cpu_seconds_of(root: int) -> float:
    """Add up the CPU time of a process and its descendants, in steps of the kernel's tick."""
    tree = _tree(root)
    return sum(int(stat[_USER]) + int(stat[_SYSTEM]) for stat in tree.values()) / _TICKS


def forget_peak(root: int) -> None:
    """Let the peak of memory begin again at what is resident now."""
    for pid in _tree(root):
        (PROC / str(pid) / "clear_refs").write_text("5", encoding="ascii")


def _tree(root: int) -> dict[int, list[str]]:
    stats = {int(each.name): _stat(each) for each in PROC.glob("[0-9]*")}
    children: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        if stat:
            children.setdefault(int(stat[_PARENT]), []).append(pid)
    tree: dict[int, list[str]] = {}
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        if stats.get(pid):
            tree[pid] = stats[pid]
        waiting += children.get(pid, ())
    return tree


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it ended in the meantime
        return []


def _memory(pid: int) -> dict[str, int]:
    try:
        lines = (PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    stated = (line.partition(":") for line in lines if line.startswith("Vm"))
    return {name: int(value.split()[0]) * _KIB for name, _, value in stated}
