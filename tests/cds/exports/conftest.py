"""Which decisions are exported in the tests? Those of a service that was asked about vignettes."""

from pathlib import Path

import pytest

from cds.decision import Decision
from rules.knowledge import Knowledge
from tests.cds.replays import Deciding
from tests.cds.test_order_hooks import SIGN, order, request_of

# With each kind of card, with none, with partial dates, and with what is not used and why.
VIGNETTES = ("C01", "C02", "T01", "T05", "T09", "M01", "M05", "X01")


@pytest.fixture(scope="session")
def deciding(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Deciding:
    made = Deciding(knowledge, Path(tmp_path_factory.mktemp("exports")))
    for name in VIGNETTES:
        made.evaluate(name)
    made.post(f"/cds-services/trd-inflammation-{SIGN}", request_of(SIGN, order()))
    return made


@pytest.fixture(scope="session")
def decided(deciding: Deciding) -> tuple[Decision, ...]:
    return tuple(deciding.decisions())
