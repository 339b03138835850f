"""What does an integrator's tool read? Writes cds/static/openapi.json, in OpenAPI 3.1."""

import json
from pathlib import Path

from tools.openapi.document import describe

DOCUMENT = Path(__file__).parent.parent / "cds" / "static" / "openapi.json"


def render_openapi() -> str:
    """Give the document as it is written."""
    return json.dumps(describe(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render_openapi(), encoding="utf-8")
