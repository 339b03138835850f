"""What do tests of queue and case write down? Decisions on vignettes, as the service keeps them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Blueprint, Flask, g

from cds.answer import tell_assessment
from cds.decision import CardRecord, Decision
from cds.hooks.card import Card
from cds.hooks.cards import CardWriter
from cds.hooks.order_cards import OrderCardWriter
from cds.kept_case import write_case
from cds.order_answer import tell_order_assessment
from cds.replaying import Replayer
from cds.review.audit import Audit
from cds.review.case import CaseReader
from cds.review.case_page import Kept, offer_case
from cds.review.classes import classify, criteria_left_open
from cds.review.layout import lay_out
from cds.review.queue_page import offer_queue
from cds.review.roles import Account, Role
from cds.settings import Settings
from cds.store.audit import AuditLog
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.queue import Queue
from rules.assessment import assess
from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Facts
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from tests.support.as_facts import facts_of
from tests.support.build import AS_OF
from tests.support.build import facts as record_of
from tests.support.build_drafts import DEPRESSED
from tests.support.verdict import knowledge_of_site
from tests.support.vignette import Vignette, vignettes

DECIDED = datetime(2026, 6, 30, 9, 15, tzinfo=UTC)
REVIEWER = Account(id="account-1", name="Ruth Reviewer", role=Role.REVIEWER)
LEAD = Account(id="account-2", name="Lena Lead", role=Role.LEAD)


@cache
def by_id() -> dict[str, Vignette]:
    return {each.id: each for each in vignettes()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A decision with the facts it was made from."""

    decision: Decision
    facts: Facts


def decide(vignette: Vignette, knowledge: Knowledge, **changes: Any) -> Made:
    """Decide on a vignette as the service would. Changes are those of the Decision.

    site: the knowledge the vignette's site has set up, where the test wants another one.
    """
    known = knowledge_of_site(vignette, knowledge)
    facts = facts_of(vignette, known)
    assessment = assess(facts, vignette.as_of, known)
    name = str(uuid5(NAMESPACE_URL, vignette.id))
    ids = iter(uuid5(NAMESPACE_URL, f"{vignette.id} {place}") for place in range(9))
    writer = CardWriter(known, Settings(), lambda: next(ids), lambda: DECIDED)
    cards = writer.write_cards(assessment, name, DECIDED)
    shown = bool(changes.get("shown", True)) and bool(cards)
    values: dict[str, Any] = {
        "id": name,
        "decided_at": DECIDED,
        "client": "north",
        "service": "trd-inflammation",
        "hook_instance": None,
        "request_key": None,
        "pseudonym": sha256(vignette.id.encode()).hexdigest()[:32],
        "as_of": vignette.as_of,
        "mode": "live",
        "outcome": "evaluated",
        "knowledge_version": known.version,
        "knowledge_sha256": known.sha256,
        "rule_version": known.rule_version,
        "resistance": assessment.treatment_resistance.status.value,
        "inflammation": assessment.inflammation.status.value,
        "answer": tell_assessment(assessment),
        "cards": tuple(map(_record_of_card, cards)),
        "shown": shown,
        "review_class": classify(
            assessment,
            "evaluated",
            shown=shown,
            cards=cards,
            trials_needed=known.trd.min_failed_trials,
        ).value,
        "could_not_tell": "".join(
            ["," + ",".join(left) + "," for left in [criteria_left_open(assessment)] if left]
        ),
        "facts": write_case(
            facts, (card.to_wire() for card in cards), assessment.changed_parameters
        ),
    }
    return Made(decision=Decision(**{**values, **changes, "shown": shown}), facts=facts)


def decide_on_orders(knowledge: Knowledge, *drafts: DraftOrder) -> tuple[Decision, OrderFacts]:
    """Decide on draft orders for somebody with depression, as the service would."""
    facts = OrderFacts(record=record_of([DEPRESSED]), drafts=drafts)
    assessment = assess_orders(facts, AS_OF, knowledge)
    name = str(uuid5(NAMESPACE_URL, "orders"))
    writer = CardWriter(knowledge, Settings(), lambda: uuid5(NAMESPACE_URL, "o"), lambda: DECIDED)
    cards = OrderCardWriter(knowledge, writer, lambda: DECIDED).write_cards(assessment, name)
    decision = replace(
        decide(by_id()["C01"], knowledge).decision,
        id=name,
        as_of=AS_OF,
        service="trd-order-sign",
        resistance="not_judged",
        inflammation="not_judged",
        answer=tell_order_assessment(assessment),
        cards=tuple(map(_record_of_card, cards)),
        facts=write_case(facts, (card.to_wire() for card in cards), ()),
    )
    return decision, facts


def _record_of_card(card: Card) -> CardRecord:
    return CardRecord(uuid=str(card.uuid), kind=card.extension.card.kind, summary=card.summary)


def review_app(
    store: Store,
    knowledge: Knowledge,
    account: Callable[[], Account] = lambda: REVIEWER,
    notice: str = "",
) -> Flask:
    """Give an app with queue and case, where whoever `account` gives is signed in."""
    app = Flask("cds")
    routes = Blueprint("review", __name__, url_prefix="/review")
    lay_out(routes, lambda: notice)
    routes.before_request(lambda: setattr(g, "account", account()))
    log, audit = DecisionLog(store), Audit(AuditLog(store), lambda: DECIDED + timedelta(days=1))
    queue = Queue(store)
    offer_queue(routes, queue, audit)
    reader = CaseReader(Replayer(knowledge, Settings()), knowledge)
    offer_case(routes, Kept(log=log, feedback=FeedbackLog(store), queue=queue), reader, audit)
    app.register_blueprint(routes)
    return app
