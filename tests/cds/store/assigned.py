"""How does a test give somebody a case to judge? With the rows that the store needs for it."""

from sqlalchemy import insert

from cds.store.database import Store
from cds.store.schema import accounts, assignments, judgements, samples
from tests.cds.store.records import NOW


def assign(store: Store, decision_id: str, account: str, *, submitted: bool = False) -> None:
    """Assign a decision to an account, which is made where it is not there, with one saved form."""
    name = f"{decision_id} {account}"
    sample = {"name": name, "drawn_at": NOW, "drawn_by": account, "method": "random", "seed": 1}
    rows = {"id": name, "sample": name, "decision": decision_id, "stratum": "all", "place": "first"}
    with store.writing() as connection:
        connection.execute(
            store.insert_new(accounts),
            {"id": account, "name": account, "role": "reviewer", "created_at": NOW},
        )
        connection.execute(insert(samples), {"id": name, "question": {}, "strata": [], **sample})
        connection.execute(insert(assignments), {**rows, "account": account, "assigned_at": NOW})
        said = {"assignment": name, "saved_at": NOW, "submitted": submitted, "judgement": {}}
        connection.execute(insert(judgements), said)
