"""What does a file of a Bruno collection say? Its blocks, read as Bruno reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

_BLOCK = re.compile(r"^([a-z:-]+) \{\n(.*?)^\}$", re.MULTILINE | re.DOTALL)
_METHODS = ("get", "post")


@dataclass(frozen=True, slots=True)
class BrunoCall:
    """One call of a collection. variables still stand in address and body, as {{name}}."""

    name: str
    method: str
    address: str
    body: str | None
    status: int
    variables_after: Mapping[str, str]
    has_script: bool


def read_blocks(path: Path) -> Mapping[str, str]:
    """Give the blocks of a file by name, without the indentation of their content."""
    text = path.read_text(encoding="utf-8")
    blocks = {name: dedent(content).strip("\n") for name, content in _BLOCK.findall(text)}
    left_over = _BLOCK.sub("", text).strip()
    assert left_over == "", f"{path.name}: not in any block: {left_over[:80]}"
    return blocks


def read_call(path: Path) -> BrunoCall:
    blocks = read_blocks(path)
    (method,) = [name for name in _METHODS if name in blocks]
    sent = members(blocks[method])
    assert (sent["body"] == "json") == ("body:json" in blocks), path.name
    assert sent["auth"] in {"none", "bearer"}, path.name
    (status,) = re.findall(r"^res\.status: eq (\d{3})$", blocks["assert"], re.MULTILINE)
    return BrunoCall(
        name=members(blocks["meta"])["name"],
        method=method.upper(),
        address=sent["url"],
        body=blocks.get("body:json"),
        status=int(status),
        variables_after=members(blocks.get("vars:post-response", "")),
        has_script="script:pre-request" in blocks,
    )


def members(block: str) -> Mapping[str, str]:
    """Give the lines "name: value" of a block."""
    pairs = (line.partition(":") for line in block.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Put the values of variables in. A variable nobody set stays as it is, as in Bruno."""
    return re.sub(r"\{\{(\w+)\}\}", lambda name: variables.get(name[1], name[0]), text)
