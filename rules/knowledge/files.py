"""What stands in the knowledge files? Bytes read once, and every fault said in one sentence."""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

FOLDERS: Mapping[str, str] = {
    "parameters": ".toml",
    "value_sets": ".json",
    "drugs": ".csv",
    "evidence": ".toml",
}
SITE_FOLDERS: Mapping[str, str] = {"parameters": ".toml", "value_sets": ".json"}

Model = TypeVar("Model", bound=BaseModel)
Verification = Literal["primary", "secondary", "computed", "recalled", "judgement"]
Review = Literal["", "pending"]


class KnowledgeError(Exception):
    """The knowledge files cannot be used. The text is one sentence: file, entry and fault."""

    def __init__(self, file: str, entry: str, fault: str) -> None:
        place = f"{file}, {entry}" if entry else file
        super().__init__(f"{place}: {fault}.")


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One file as read; its name is relative to the folder, such as "parameters/trd.toml"."""

    name: str
    content: bytes

    def text(self) -> str:
        """Give the text. Errors: KnowledgeError where the bytes are not UTF-8."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise KnowledgeError(self.name, f"byte {error.start}", "is not UTF-8") from error


def read_files(directory: Path, folders: Mapping[str, str]) -> dict[str, KnowledgeFile]:
    """Read every knowledge file below a directory, sorted by name.

    Unknown input: hidden files are left alone; a file of another kind in one of the folders is a
    fault, because a misspelt name would otherwise be left out in silence.
    """
    files = {}
    for folder, suffix in sorted(folders.items()):
        for path in sorted((directory / folder).glob("*")):
            if path.name.startswith(".") or path.name == "__pycache__":
                continue
            name = f"{folder}/{path.name}"
            if path.suffix != suffix or not path.is_file():
                raise KnowledgeError(name, "", f"only {suffix} files belong in {folder}")
            files[name] = KnowledgeFile(name, path.read_bytes())
    return files


def digest(files: Iterable[KnowledgeFile], site_files: Iterable[KnowledgeFile]) -> str:
    """Give the SHA-256 over names, lengths and bytes of all files, those of the site last."""
    total = hashlib.sha256()
    for prefix, group in (("", files), ("site/", site_files)):
        for file in group:
            total.update(f"{prefix}{file.name}\0{len(file.content)}\0".encode())
            total.update(file.content)
    return total.hexdigest()


def parse_toml(file: KnowledgeFile) -> dict[str, Any]:
    """Parse TOML with exact decimals. Errors: KnowledgeError, also for a key that stands twice."""
    text = file.text()
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(file.name, "", f"is not valid TOML: {error}") from error


def parse_json(file: KnowledgeFile) -> Any:
    """Parse JSON. Errors: KnowledgeError, also for a key that stands twice in one object."""

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise KnowledgeError(file.name, key, "stands twice in one object")
            found[key] = value
        return found

    text = file.text()
    try:
        return json.loads(text, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as error:
        raise KnowledgeError(file.name, f"line {error.lineno}", "is not valid JSON") from error


def parse_csv(file: KnowledgeFile, row_model: type[Model]) -> list[Model]:
    """Parse a CSV table into rows of a model, whose fields are the columns in this order.

    Errors: KnowledgeError for another header, a row with more or fewer cells, or a bad cell.
    """
    columns = list(row_model.model_fields)
    lines = csv.reader(io.StringIO(file.text(), newline=""), strict=True)
    rows = []
    try:
        if next(lines, []) != columns:
            raise KnowledgeError(file.name, "line 1", f"the columns must be {', '.join(columns)}")
        for cells in lines:
            place = f"line {lines.line_num}"
            if len(cells) != len(columns):
                fault = f"has {len(cells)} cells where {len(columns)} are expected"
                raise KnowledgeError(file.name, place, fault)
            cell_of = dict(zip(columns, cells, strict=True))
            rows.append(check(row_model, cell_of, file.name, place))
    except csv.Error as error:
        raise KnowledgeError(file.name, f"line {lines.line_num}", f"bad CSV: {error}") from error
    return rows


def check(model: type[Model], value: object, file: str, entry: str) -> Model:
    """Validate a value. Errors: KnowledgeError that names the first thing that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise KnowledgeError(file, entry, _sentence(error)) from error


def check_review(verification: str, review: str) -> None:
    """Refuse an entry from memory or judgement that does not ask for review.

    Errors: ValueError, which `check` turns into a sentence.
    """
    if verification in ("recalled", "judgement") and review != "pending":
        raise ValueError("what is recalled or judged must carry review pending")


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"the key {key} is missing"
    if first["type"] == "extra_forbidden":
        return f"the key {key} is unknown"
    message = first["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
