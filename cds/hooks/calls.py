"""What is a hook call answered with? Parse, fill, read, assess, write down, card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cds.ehr.trusted_clients import TrustedClient
from cds.errors import DataNotObtained, NoPatient
from cds.evaluation import Evaluator, patients_in
from cds.hooks.card import Card
from cds.hooks.catalogue import HookService
from cds.hooks.fetching import Fetcher, complete, read_access
from cds.hooks.order_context import ORDER_HOOKS, read_order_context
from cds.hooks.prefetch import Filled, fill_templates
from cds.hooks.request import HookRequest, read_hook_request
from cds.operations.metrics import FETCHES, NOT_OBTAINED
from cds.order_evaluation import Drafts, OrderEvaluator, open_drafts
from cds.recording import OFF, Occasion, Recorder
from cds.verdicts import Verdicts, of_nobody, of_orders, of_patient
from rules.knowledge import Knowledge

# Of a client's deadline this much is left for reading, judging and writing down.
_OWN_TIME_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCalls:
    """Answers the hook calls of one deployment. Made once at start; holds no patient."""

    knowledge: Knowledge
    evaluator: Evaluator
    order_evaluator: OrderEvaluator
    fetcher: Fetcher
    recorder: Recorder
    today: Callable[[], date]

    def answer(
        self, service: HookService, client: TrustedClient, body: bytes, passed_s: float
    ) -> tuple[Card, ...]:
        """Give the cards that a call is answered with.

        body: known to be strict JSON. passed_s: how long the call is under way, in seconds.

        Errors: every ServiceError that says why it cannot be evaluated; StoreUnavailable.
        """
        call = read_hook_request(body, service.hook)
        occasion = self.recorder.occasion(
            client,
            service.id,
            call.context.patient_id,
            hook_instance=str(call.hook_instance),
            body=body,
        )
        if occasion.mode == OFF:
            verdicts = of_nobody(occasion.decision_id, self.today(), self.knowledge)
        elif service.hook in ORDER_HOOKS:
            drafts = open_drafts(read_order_context(body, service.hook))
            filled = self._fill(service, client, call, passed_s)
            verdicts = self._judge_orders(call, filled, drafts, occasion)
        else:
            filled = self._fill(service, client, call, passed_s)
            verdicts = self._judge_patient(call, filled, occasion)
        return self.recorder.record(verdicts, occasion)

    def _judge_orders(
        self, call: HookRequest, filled: Filled, drafts: Drafts, occasion: Occasion
    ) -> Verdicts:
        return of_orders(
            self.order_evaluator.evaluate(
                filled.resources,
                drafts,
                call.context.patient_id,
                self.today(),
                filled.not_obtained,
                occasion.decision_id,
            )
        )

    def _judge_patient(self, call: HookRequest, filled: Filled, occasion: Occasion) -> Verdicts:
        patient, today = call.context.patient_id, self.today()
        return of_patient(
            self.evaluator.evaluate(
                filled.resources, patient, today, filled.not_obtained, occasion.decision_id
            )
        )

    def _fill(
        self, service: HookService, client: TrustedClient, call: HookRequest, passed_s: float
    ) -> Filled:
        """Read the prefetch, with what the client's FHIR server adds to it."""
        left_s = client.deadline_ms / 1000 - passed_s - _OWN_TIME_S
        completed = complete(
            call,
            service=service,
            client=client,
            access=read_access(call, client),
            fetcher=self.fetcher,
            budget_s=min(client.fetch_budget_ms / 1000, left_s),
        )
        for problem in completed.problems.values():
            FETCHES.labels(client.name, problem.value).inc()
        try:
            filled = fill_templates(completed.values, service.prefetch, completed.problems)
        except DataNotObtained as error:
            NOT_OBTAINED.labels(client.name, error.code).inc()
            raise
        if not patients_in(filled.resources):
            raise NoPatient(
                "The prefetch holds no Patient with an id, so nothing in it can be matched with "
                "context.patientId.",
                expression=("prefetch.patient",),
            )
        return filled
