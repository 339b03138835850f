"""Which numbers hold here? The default tables, and what the site has set differently."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from rules.knowledge.files import KnowledgeError, KnowledgeFile, Model, check, parse_toml
from rules.knowledge.parameters import (
    CardParameters,
    ConfounderParameters,
    ExclusionWords,
    MarkerParameters,
    OrderParameters,
    ParameterEntry,
    RecordParameters,
    SafetyParameters,
    TrdParameters,
    TrialEntryParameters,
)

TABLES: Mapping[str, type[BaseModel]] = {
    "trd": TrdParameters,
    "marker": MarkerParameters,
    "confounder": ConfounderParameters,
    "trial_entry": TrialEntryParameters,
    "safety": SafetyParameters,
    "cards": CardParameters,
    "orders": OrderParameters,
    "records": RecordParameters,
    "exclusion_words": ExclusionWords,
}


class RuleIdentity(BaseModel):
    """Id and version of the rule, version of its knowledge, and the value sets it asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    version: str = Field(min_length=1)
    knowledge_version: str = Field(min_length=1)
    value_sets: tuple[str, ...]


class _SiteValue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    value: bool | int | Decimal | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """All parameters: entries by "table.key", and what the site changed, as "table.key = value"."""

    entries: Mapping[str, ParameterEntry]
    changed: tuple[str, ...]
    origin: Mapping[str, str]  # file that a table's last value came from, for a fault's sentence

    def table(self, model: type[Model]) -> Model:
        """Give one table. Errors: KnowledgeError for a key too many or missing, or a wrong type."""
        name = next(key for key, value in TABLES.items() if value is model)
        values = {
            key.removeprefix(f"{name}."): entry.value
            for key, entry in self.entries.items()
            if key.startswith(f"{name}.")
        }
        for key, value in values.items():
            _check_kind(self.origin[f"{name}.{key}"], f"{name}.{key}", value, model)
        return check(model, values, self.origin[name], name)


def read_rule_identity(file: KnowledgeFile) -> RuleIdentity:
    """Read id and versions from the file that names the rule."""
    return check(RuleIdentity, parse_toml(file).get("rule", {}), file.name, "rule")


def read_parameters(
    files: Mapping[str, KnowledgeFile], site_files: Mapping[str, KnowledgeFile]
) -> ParameterTables:
    """Read all tables and put the site's values over the defaults.

    Unknown input: a site may only set the value of a key that exists. Errors: KnowledgeError.
    """
    entries: dict[str, ParameterEntry] = {}
    origin: dict[str, str] = {}
    for table in TABLES:
        file = files[f"parameters/{table}.toml"]
        origin[table] = file.name
        for key, value in _only_table(file, table).items():
            entries[f"{table}.{key}"] = check(ParameterEntry, value, file.name, f"{table}.{key}")
            origin[f"{table}.{key}"] = file.name
    changed = []
    for key, value, name in _site_values(site_files):
        if key not in entries:
            raise KnowledgeError(name, key, "there is no parameter of this name")
        if value != entries[key].value:
            entries[key] = entries[key].model_copy(update={"value": value})
            origin[key] = origin[key.split(".")[0]] = name
            changed.append(f"{key} = {_shown(value)}")
    return ParameterTables(entries, tuple(changed), origin)


def _only_table(file: KnowledgeFile, table: str) -> dict[str, Any]:
    content = parse_toml(file)
    if list(content) != [table] or not isinstance(content[table], dict):
        raise KnowledgeError(file.name, "", f"must hold the table {table} and nothing else")
    entries: dict[str, Any] = content[table]
    return entries


def _site_values(site_files: Mapping[str, KnowledgeFile]) -> list[tuple[str, Any, str]]:
    found = []
    for file in site_files.values():
        if file.name.startswith("parameters/"):
            for table, entries in parse_toml(file).items():
                if not isinstance(entries, dict):
                    raise KnowledgeError(file.name, table, "is not a table of parameters")
                for key, entry in entries.items():
                    place = f"site/{file.name}"
                    value = check(_SiteValue, entry, place, f"{table}.{key}").value
                    found.append((f"{table}.{key}", value, place))
    return found


def _check_kind(file: str, key: str, value: object, model: type[BaseModel]) -> None:
    """Refuse what pydantic would convert: true for 1, 1 for true, and numbers below zero."""
    field = model.model_fields.get(key.split(".")[1])
    expects_bool = field is not None and field.annotation is bool
    if isinstance(value, bool) != expects_bool:
        raise KnowledgeError(file, key, "a yes-or-no value must be true or false, and only that")
    if isinstance(value, int | Decimal) and value < 0:
        raise KnowledgeError(file, key, "the value is below zero")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)
