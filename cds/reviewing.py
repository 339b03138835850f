"""How are the review pages put together? Every page with what it works on, on one blueprint."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask

from cds.exports.export_desk import ExportDesk
from cds.modes import Modes
from cds.replaying import Replayer
from cds.review.case import CaseReader
from cds.review.case_page import Kept, offer_case
from cds.review.exports_page import ExportsDesk, offer_exports
from cds.review.figure_desk import FigureDesk
from cds.review.figures_page import offer_figures
from cds.review.forms import form_key, protect_forms
from cds.review.judgement_page import offer_judging
from cds.review.modes_page import offer_modes
from cds.review.people import People, gather_people, review_routes
from cds.review.queue_page import offer_queue
from cds.review.samples_page import SampleDesk, offer_samples
from cds.review.worklist_page import offer_worklist
from cds.settings import Settings
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.exported import ExportSource
from cds.store.feedback import FeedbackLog
from cds.store.judged_cases import JudgedCases
from cds.store.judgements import JudgementLog
from cds.store.pseudonym import key_file_of, open_pseudonyms
from cds.store.queue import Queue
from cds.store.samples import Samples
from cds.store.worklists import Worklists
from rules.knowledge import Knowledge

_SEED_BELOW = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """What the review pages of one deployment work with. ledger_notice: stands above each page."""

    settings: Settings
    knowledge: Knowledge
    store: Store
    modes: Modes
    now: Callable[[], datetime]
    ledger_notice: Callable[[], str]

    @property
    def is_synthetic(self) -> bool:
        """Whether no patient here is a real one."""
        return self.settings.profile == "demo"


def offer_review_pages(app: Flask, reviewing: Reviewing) -> None:
    """Add the review pages to the service.

    Errors: SettingsError where the secret of their forms can neither be read nor made.
    """
    settings = reviewing.settings
    key = form_key(settings)
    protect_forms(app, key, settings.public_url)
    people = gather_people(reviewing.store, settings, key, reviewing.now)
    routes = review_routes(people, settings, reviewing.ledger_notice)
    _offer_decisions(routes, reviewing, people)
    _offer_judgements(routes, reviewing, people)
    _offer_oversight(routes, reviewing, people)
    app.register_blueprint(routes)


def _offer_decisions(routes: Blueprint, reviewing: Reviewing, people: People) -> None:
    store, knowledge = reviewing.store, reviewing.knowledge
    queue = Queue(store)
    reader = CaseReader(Replayer(knowledge, reviewing.settings), knowledge)
    kept = Kept(log=DecisionLog(store), feedback=FeedbackLog(store), queue=queue)
    offer_queue(routes, queue, people.audit)
    offer_case(routes, kept, reader, people.audit)


def _offer_judgements(routes: Blueprint, reviewing: Reviewing, people: People) -> None:
    store = reviewing.store
    offer_judging(routes, JudgementLog(store), people.audit, reviewing.now)
    offer_worklist(routes, Worklists(store))
    desk = SampleDesk(
        samples=Samples(store),
        judged=JudgedCases(store),
        accounts=people.desk.accounts,
        audit=people.audit,
        now=reviewing.now,
        new_seed=lambda: secrets.randbelow(_SEED_BELOW),
    )
    offer_samples(routes, desk)


def _offer_oversight(routes: Blueprint, reviewing: Reviewing, people: People) -> None:
    figures = FigureDesk(reviewing.store, reviewing.knowledge, reviewing.now)
    offer_figures(routes, figures, people.audit, synthetic=reviewing.is_synthetic)
    offer_modes(routes, reviewing.modes, people.audit)
    offer_exports(routes, _exports(reviewing, people))


def _exports(reviewing: Reviewing, people: People) -> ExportsDesk:
    settings, store = reviewing.settings, reviewing.store
    key = open_pseudonyms(settings.pseudonym_key, key_file_of(settings.store_url))
    exports = ExportDesk(ExportSource(store), key, settings.public_url)
    return ExportsDesk(exports=exports, samples=Samples(store), audit=people.audit)
