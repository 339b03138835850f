"""Does every odd call that clients send get the answer its row says, and is none forgotten?"""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel, ConfigDict, TypeAdapter

from cds.hooks.catalogue import PATIENT_VIEW
from tests.cds.charts import PATIENT_ID, hook_request, prefetch
from tests.rules.fhir_reader.odd_rows import encode, shapes
from tests.support.strict_yaml import read_yaml


class Row(BaseModel):
    """One odd call, as a change of the call that earns a card, and its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: str
    odd: str
    members: dict[str, Any] = {}
    context: dict[str, Any] = {}
    prefetch: dict[str, Any] = {}
    without: tuple[str, ...] = ()
    status: int
    cards: int | None = None
    says: str = ""

    @property
    def call(self) -> bytes:
        values = {key: value for key, value in prefetch().items() if key not in self.without}
        stated = {
            "context": {"userId": "Practitioner/p", "patientId": PATIENT_ID, **self.context},
            "prefetch": {**values, **self.prefetch},
        }
        return encode(hook_request(**{**stated, **self.members}))


ROWS = TypeAdapter(tuple[Row, ...]).validate_python(
    read_yaml(Path(__file__).parent / "odd_shapes" / "cds_hooks.yaml")
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.odd[:60])
def test_an_odd_call_gets_the_answer_of_its_row(row: Row, client: FlaskClient) -> None:
    answer = client.post(
        f"/cds-services/{PATIENT_VIEW}", data=row.call, content_type="application/json"
    )
    cards = answer.get_json().get("cards")
    assert (answer.status_code, None if cards is None else len(cards)) == (row.status, row.cards)
    assert row.says in answer.get_data(as_text=True)


def test_every_shape_of_a_call_has_a_row_and_every_row_a_shape() -> None:
    assert {row.shape for row in ROWS} == set(shapes()["cds-hooks"])
