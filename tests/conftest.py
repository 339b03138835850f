"""What do all tests share? The knowledge as shipped, loaded once."""

import pytest

from rules.knowledge import Knowledge, load_knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()
