"""How is a judgement written as JSON, in the store and in exports, and read again?"""

from collections.abc import Mapping
from typing import Any

from cds.review.judging import Answer, Judgement, Verdict3


def write_judgement(judgement: Judgement) -> dict[str, Any]:
    """Write {"overall": {"verdict", "reasons", "comment"}, "criteria": {name: the same}}.

    A member "because" stands beside them in a change of what was submitted before.
    """
    written: dict[str, Any] = {
        "overall": _write(judgement.overall),
        "criteria": {name: _write(answer) for name, answer in judgement.criteria.items()},
    }
    return written | ({"because": judgement.because} if judgement.because else {})


def read_judgement(written: Mapping[str, Any]) -> Judgement:
    """Read what write_judgement wrote. Errors: KeyError, ValueError for anything else."""
    return Judgement(
        overall=_read(written["overall"]),
        criteria={name: _read(answer) for name, answer in written["criteria"].items()},
        because=written.get("because", ""),
    )


def _write(answer: Answer) -> dict[str, Any]:
    return {
        "verdict": answer.verdict.value if answer.verdict else None,
        "reasons": list(answer.reasons),
        "comment": answer.comment,
    }


def _read(written: Mapping[str, Any]) -> Answer:
    verdict = written["verdict"]
    return Answer(
        verdict=None if verdict is None else Verdict3(verdict),
        reasons=tuple(written["reasons"]),
        comment=written["comment"],
    )
