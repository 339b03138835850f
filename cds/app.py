"""How is the service put together? `create_app` wires; everything else receives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, request

from cds import clock
from cds.bundle_service import bundle_routes
from cds.connected import Connected, connect
from cds.cross_origin import allow_origins
from cds.demo_ehr.routes import demo_fhir_routes
from cds.error_answers import answer_with_outcome, register_error_answers
from cds.errors import UnknownRoute
from cds.evaluation import Evaluator
from cds.evidence_expiry import EvidenceExpiry
from cds.evidence_resources import Publication
from cds.hooks.calls import HookCalls
from cds.hooks.cards import CardWriter
from cds.hooks.catalogue import build_catalogue
from cds.hooks.feedback_service import feedback_routes
from cds.hooks.order_cards import OrderCardWriter
from cds.hooks.service import hook_routes
from cds.hooks.wording import read_wording
from cds.operations.health import health_routes
from cds.operations.metrics import metrics_routes
from cds.operations.mode_gauge import mode_gauge
from cds.operations.readiness import StoreGate, readiness_routes
from cds.operations.request_log import log_fault, register_request_log
from cds.order_evaluation import OrderEvaluator
from cds.pages.demo import Demo, demo_routes, show_refusal
from cds.pages.evidence import evidence_routes
from cds.pages.reference import reference_routes
from cds.pages.source_attributes import source_attribute_routes
from cds.reviewing import Reviewing, offer_review_pages
from cds.settings import Settings, check_profile
from rules.knowledge import Knowledge, load_knowledge


def create_app(
    settings: Settings,
    *,
    knowledge: Knowledge | None = None,
    today: Callable[[], date] = clock.today,
    now: Callable[[], datetime] = clock.now,
    new_uuid: Callable[[], UUID] = uuid4,
) -> Flask:
    """Build the service for these settings.

    knowledge: loaded from the shipped files and the site's own unless given. today, now,
    new_uuid: the day of a hook call, the moment a card is written and the ids of cards and
    decisions, passed in so that tests can hold them.

    Errors: SettingsError or KnowledgeError, each one sentence, for a start that must not be.
    """
    check_profile(settings)
    known = load_knowledge(site=settings.site_knowledge) if knowledge is None else knowledge
    app = QuietFlask(__name__)
    expiry = EvidenceExpiry(known.evidence, today)
    built = _Built(
        settings=settings,
        knowledge=known,
        connected=connect(settings, now, known.trd.min_failed_trials),
        evaluator=build_evaluator(known, settings, new_uuid, now, today),
        order_evaluator=_build_order_evaluator(known, settings, new_uuid, now, expiry),
        expiry=expiry,
        today=today,
        now=now,
    )
    _set_up(app, built)
    _offer_services(app, built)
    _offer_operations(app, built)
    _offer_grounds(app, built)
    if settings.has_review_pages:
        _offer_review(app, built)
    if settings.profile == "demo":
        _offer_demo(app, built)
    return app


def _set_up(app: Flask, built: "_Built") -> None:
    """Do what holds for every address: limits, the log, errors, who may call from a browser."""
    # One byte above the limit: a body without Content-Length is cut where this ends, and only so
    # can a body that was cut be told from one that just fits.
    app.config["MAX_CONTENT_LENGTH"] = built.settings.max_body_bytes + 1
    # A doubled slash is an unknown address and not a redirect to an HTML page.
    app.url_map.merge_slashes = False
    register_request_log(app)
    app.before_request(_refuse_doubled_first_slash)
    register_error_answers(app, answer_with_outcome)
    allow_origins(app, built.connected.clients, demo=built.settings.profile == "demo")


class QuietFlask(Flask):
    """Flask that writes of a fault of its own handlers what the request log may hold."""

    def log_exception(self, exc_info: Any) -> None:
        """Write the kind of the exception and its frames; never its text, nor the path called."""
        log_fault(exc_info[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """The parts that routes are made from."""

    settings: Settings
    knowledge: Knowledge
    connected: Connected
    evaluator: Evaluator
    order_evaluator: OrderEvaluator
    expiry: EvidenceExpiry
    today: Callable[[], date]
    now: Callable[[], datetime]


def _offer_services(app: Flask, built: _Built) -> None:
    """Give clients what they call: the hooks, feedback on cards, and a Bundle of their own."""
    connected, catalogue = built.connected, build_catalogue(built.knowledge)
    calls = HookCalls(
        knowledge=built.knowledge,
        evaluator=built.evaluator,
        order_evaluator=built.order_evaluator,
        fetcher=connected.fhir_client,
        recorder=connected.recorder,
        today=built.today,
    )
    app.register_blueprint(
        hook_routes(catalogue, connected.admission, calls, built.settings.public_url)
    )
    app.register_blueprint(
        feedback_routes(catalogue.keys(), connected.admission, connected.feedback, built.now)
    )
    app.register_blueprint(
        bundle_routes(built.evaluator, connected.admission, connected.recorder, built.today)
    )


def _offer_operations(app: Flask, built: _Built) -> None:
    """Give operators and readers what holds no patient."""
    gate = StoreGate(built.connected.store, built.settings.store_url)
    gate.is_ready()  # where the store is not there yet, requests wait for it, and not the start
    app.register_blueprint(health_routes(built.knowledge))
    app.register_blueprint(readiness_routes(gate, built.expiry))
    app.register_blueprint(metrics_routes(mode_gauge(built.connected.modes)))
    app.register_blueprint(reference_routes(built.settings))


def _offer_grounds(app: Flask, built: _Built) -> None:
    """Tell people and programs what the cards rest on, and what the services are meant for."""
    catalogue = build_catalogue(built.knowledge)
    publication = Publication(
        base=built.settings.public_url,
        evidence_page=built.settings.evidence_page,
        knowledge=built.knowledge,
        wording=read_wording(),
    )
    app.register_blueprint(evidence_routes(publication, catalogue, built.expiry))
    app.register_blueprint(source_attribute_routes(publication, catalogue))


def _offer_review(app: Flask, built: _Built) -> None:
    """Give clinicians the pages on which they look at past decisions and judge them."""
    reviewing = Reviewing(
        settings=built.settings,
        knowledge=built.knowledge,
        store=built.connected.store,
        modes=built.connected.modes,
        now=built.now,
        ledger_notice=built.expiry.notice,
    )
    offer_review_pages(app, reviewing)


def _offer_demo(app: Flask, built: _Built) -> None:
    """Give those who try the service its pages, and a FHIR server with the demo patients."""
    demo = demo_routes(
        Demo(
            evaluator=built.evaluator,
            recorder=built.connected.recorder,
            knowledge=built.knowledge,
            settings=built.settings,
            today=built.today,
        )
    )
    register_error_answers(demo, show_refusal)
    app.register_blueprint(demo)
    app.register_blueprint(demo_fhir_routes(built.settings, built.today))


def _refuse_doubled_first_slash() -> None:
    """Answer 404 to //evaluate, which the framework would read as /evaluate.

    A proxy in front that guards /evaluate sees another address there, and lets it pass.

    Errors: UnknownRoute.
    """
    if request.environ.get("PATH_INFO", "").startswith("//"):
        raise UnknownRoute("There is nothing at this address.")


def build_evaluator(
    knowledge: Knowledge,
    settings: Settings,
    new_uuid: Callable[[], UUID] = uuid4,
    now: Callable[[], datetime] = clock.now,
    today: Callable[[], date] = clock.today,
) -> Evaluator:
    """Build the one path from resources to cards; the command line uses the same."""
    writer = CardWriter(knowledge, settings, new_uuid, now)
    return Evaluator(knowledge, writer, new_uuid, EvidenceExpiry(knowledge.evidence, today))


def _build_order_evaluator(
    knowledge: Knowledge,
    settings: Settings,
    new_uuid: Callable[[], UUID],
    now: Callable[[], datetime],
    expiry: EvidenceExpiry,
) -> OrderEvaluator:
    writer = OrderCardWriter(knowledge, CardWriter(knowledge, settings, new_uuid, now), now)
    return OrderEvaluator(knowledge, writer, new_uuid, expiry)
