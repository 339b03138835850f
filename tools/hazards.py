"""What is in the hazard log, and does it hold together? Reads docs/safety/hazards.toml."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

LOG = Path(__file__).parent.parent / "docs" / "safety" / "hazards.toml"
STATEMENT = (
    "Not a medical device: research prototype, synthetic or test data, not for clinical use."
)
DRAFT = "draft: needs a clinical safety officer"
# A control that is wanted and not in force begins so. It never lowers a score.
OPEN = "Open: "

# A test as pytest names it, with or without its parameters, or the id of a vignette.
TEST = re.compile(r"^tests/[\w/]+\.py::test_\w+(\[.+\])?$")
VIGNETTE = re.compile(r"^[TMCXP]\d\d[a-d]?(\.\d)?$")

Sentence = Annotated[str, Field(min_length=10, pattern=r"\.$")]
Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]
Words = Annotated[tuple[str, ...], Field(min_length=5, max_length=5)]
Score = Annotated[int, Field(ge=1, le=5)]
Row = Annotated[tuple[Score, ...], Field(min_length=5, max_length=5)]


class HazardLogError(Exception):
    """The log does not hold together. The message is one sentence that names the place."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Matrix(_Part):
    """How severity and likelihood make a risk, each from 1 to 5.

    risk: rows from the lowest likelihood, columns from the lowest severity.
    """

    source: Sentence
    verification: str
    severity: Words
    likelihood: Words
    risk: Annotated[tuple[Row, ...], Field(min_length=5, max_length=5)]

    def risk_of(self, severity: int, likelihood: int) -> int:
        """Give the risk, from 1 to 5, of two scores from 1 to 5."""
        return self.risk[likelihood - 1][severity - 1]


class Controls(_Part):
    """What makes a hazard rarer or milder, by kind."""

    design: Sentences
    test: Sentences
    training: tuple[Sentence, ...] = ()
    process: tuple[Sentence, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """The controls that are wanted and not in force, without the word that marks them."""
        every = (*self.design, *self.test, *self.training, *self.process)
        return tuple(each.removeprefix(OPEN) for each in every if each.startswith(OPEN))


class Hazard(_Part):
    """One row of the log. The risks are written down to be read, and checked with the matrix.

    test_ids: tests as pytest names them, and vignettes, that show the controls in force.
    """

    id: Annotated[str, Field(pattern=r"^H[1-9]\d?$")]
    hazard: Sentence
    causes: Sentences
    effect: Sentence
    harm: Sentence
    severity: Score
    likelihood: Score
    initial_risk: Score
    controls: Controls
    test_ids: Annotated[tuple[str, ...], Field(min_length=1)]
    residual_severity: Score
    residual_likelihood: Score
    residual_risk: Score
    owner: str
    status: Annotated[str, Field(pattern=rf"^({DRAFT}|agreed by .+ on \d{{4}}-\d\d-\d\d)$")]


class HazardLog(_Part):
    """The whole log. owners: each role, and what it answers for."""

    matrix: Matrix
    training_for_all: Sentences
    owners: dict[str, Sentence]
    hazards: tuple[Hazard, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        expected = [f"H{number}" for number in range(1, len(self.hazards) + 1)]
        if [each.id for each in self.hazards] != expected:
            raise ValueError("the ids must be H1, H2 and so on, without a gap")
        for each in self.hazards:
            fault = self._fault_of(each)
            if fault:
                raise ValueError(f"{each.id}: {fault}")
        return self

    def _fault_of(self, hazard: Hazard) -> str | None:
        """Say what is wrong with a row, as the end of a sentence; None where nothing is."""
        initial = self.matrix.risk_of(hazard.severity, hazard.likelihood)
        residual = self.matrix.risk_of(hazard.residual_severity, hazard.residual_likelihood)
        if (hazard.initial_risk, hazard.residual_risk) != (initial, residual):
            return f"the matrix gives the risks {initial} and {residual}"
        if (
            hazard.residual_severity > hazard.severity
            or hazard.residual_likelihood > hazard.likelihood
        ):
            return "controls cannot make it worse"
        if hazard.owner not in self.owners:
            return f"no role is called {hazard.owner!r}"
        wrong = [name for name in hazard.test_ids if not (TEST.match(name) or VIGNETTE.match(name))]
        twice = len(set(hazard.test_ids)) != len(hazard.test_ids)
        return f"test_ids must name tests, each once: {wrong}" if wrong or twice else None


def load_hazards() -> HazardLog:
    """Read the log. Errors: HazardLogError for a file that is none, or does not hold together."""
    try:
        return read_hazards(tomllib.loads(LOG.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise HazardLogError(f"hazards.toml: {error}") from None


def read_hazards(data: dict[str, Any]) -> HazardLog:
    """Check a log that was read. Errors: HazardLogError."""
    try:
        return HazardLog.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise HazardLogError(f"hazards.toml: {place}: {first['msg']}") from None
