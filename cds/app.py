"""How is the service put together? `create_app` wires; everything else receives."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID, uuid4

from flask import Flask

from cds import clock
from cds.bundle_service import bundle_routes
from cds.error_answers import answer_with_outcome, register_error_answers
from cds.evaluation import Evaluator
from cds.hooks.cards import CardWriter
from cds.hooks.catalogue import build_catalogue
from cds.hooks.service import hook_routes
from cds.operations.health import health_routes
from cds.operations.request_log import register_request_log
from cds.pages.demo import demo_routes, show_refusal
from cds.pages.evidence import evidence_routes
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
    app = Flask(__name__)
    # One byte above the limit: a body without Content-Length is cut where this ends, and only so
    # can a body that was cut be told from one that just fits.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    # A doubled slash is an unknown address and not a redirect to an HTML page.
    app.url_map.merge_slashes = False
    evaluator = build_evaluator(known, settings, new_uuid, now)
    register_request_log(app)
    register_error_answers(app, answer_with_outcome)
    app.register_blueprint(hook_routes(build_catalogue(known), evaluator, today))
    app.register_blueprint(bundle_routes(evaluator, today))
    app.register_blueprint(health_routes(known))
    app.register_blueprint(evidence_routes(known))
    if settings.profile == "demo":
        demo = demo_routes(evaluator, settings, today)
        register_error_answers(demo, show_refusal)
        app.register_blueprint(demo)
    return app


def build_evaluator(
    knowledge: Knowledge,
    settings: Settings,
    new_uuid: Callable[[], UUID] = uuid4,
    now: Callable[[], datetime] = clock.now,
) -> Evaluator:
    """Build the one path from resources to cards; the command line uses the same."""
    return Evaluator(knowledge, CardWriter(knowledge, settings, new_uuid, now), new_uuid)
