"""From where on is a day out of the ordinary? The numbers of the charts, with their sources."""

from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rules.knowledge.files import KnowledgeError, KnowledgeFile, check, parse_toml
from rules.knowledge.parameters import ParameterEntry

PACKAGED = Path(__file__).resolve().parent / "monitoring.toml"

_Days = Annotated[int, Field(ge=1)]


class ChartParameters(BaseModel):
    """The numbers of the charts; unit, meaning, source and verification stand in the TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    baseline_days: _Days
    baseline_least_patients: _Days
    recent_days: _Days
    sigma_limit: float = Field(gt=0)
    least_patients: _Days
    zero_fire_probability: float = Field(gt=0, lt=1)
    quiet_days: _Days

    @property
    def tail_probability(self) -> float:
        """The probability beyond the limit in one direction."""
        return NormalDist().cdf(-self.sigma_limit)

    @property
    def days_back(self) -> int:
        """How many days before the first judged one are read: enough where half are holidays."""
        return 4 * (self.baseline_days + self.recent_days)


def read_entries(path: Path = PACKAGED) -> Mapping[str, ParameterEntry]:
    """Read each number with what is said of it. Errors: KnowledgeError, one sentence."""
    file = KnowledgeFile(path.name, path.read_bytes())
    content = parse_toml(file)
    if list(content) != ["monitoring"] or not isinstance(content["monitoring"], dict):
        raise KnowledgeError(file.name, "", "must hold the table monitoring and nothing else")
    return {
        key: check(ParameterEntry, value, file.name, f"monitoring.{key}")
        for key, value in content["monitoring"].items()
    }


def load_chart_parameters(path: Path = PACKAGED) -> ChartParameters:
    """Give the numbers. Errors: KnowledgeError for one that is missing, unknown or out of range."""
    entries = read_entries(path)
    values = {
        key: entry.value if isinstance(entry.value, int) else float(str(entry.value))
        for key, entry in entries.items()
    }
    return check(ChartParameters, values, path.name, "monitoring")
