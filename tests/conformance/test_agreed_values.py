"""What counts where nothing else was agreed with a client?"""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cds.ehr.trusted_clients import TrustedClient

DEFAULT = TrustedClient(name="client", issuer="https://ehr.example", jwks_file=Path("keys.json"))


@pytest.mark.requirement("TIME-1")
def test_an_answer_has_a_second_and_a_half_of_which_a_second_is_for_the_fhir_server() -> None:
    assert (DEFAULT.deadline_ms, DEFAULT.fetch_budget_ms) == (1500, 1000)


@pytest.mark.requirement("I@205", "D1")
def test_the_recommended_algorithms_are_taken_and_no_other() -> None:
    assert DEFAULT.algorithms == ("ES384", "RS384")


@pytest.mark.requirement("I@203", "SEC-6")
@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS384", "ES512", "RS1"])
def test_what_is_symmetric_or_unknown_cannot_be_agreed(algorithm: str) -> None:
    with pytest.raises(ValidationError):
        TrustedClient.model_validate(DEFAULT.model_dump() | {"algorithms": [algorithm]})
