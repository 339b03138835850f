"""What is a running service asked? The record that earns a card, brought to today."""

import json
from typing import Any
from uuid import uuid4

from cds import clock
from cds.date_shift import FIXTURE_EXTENSION, move_dates
from cds.hooks.catalogue import PATIENT_VIEW
from tests.cds.assessments import AS_OF
from tests.cds.charts import hook_request, prefetch
from tests.cds.test_order_hooks import order, request_of

Json = dict[str, Any]

VIEW = f"/cds-services/{PATIENT_VIEW}"
FEEDBACK = f"{VIEW}/feedback"


def patient_view(**changes: Any) -> Json:
    """Give a call of patient-view with every key of the prefetch; None takes a member out."""
    return of_today(hook_request(hookInstance=str(uuid4())) | changes)


def with_prefetch(**changes: Any) -> Json:
    return patient_view(prefetch=prefetch(**changes))


def order_call(hook: str) -> Json:
    return of_today(request_of(hook, order()))


def of_today(body: Json) -> Json:
    """Move every date as far as the day the record was written for is from today."""
    dated = body | {"extension": {FIXTURE_EXTENSION: {"asOf": AS_OF.isoformat()}}}
    moved: Json = json.loads(move_dates(json.dumps(dated), clock.today()))
    return {name: value for name, value in moved.items() if value is not None}
