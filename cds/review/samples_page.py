"""How does a lead draw a sample, and see how far its review is?"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cds.errors import UnknownRoute
from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.guard import signed_in
from cds.review.judgement_form import PLACE_WORDS
from cds.review.judging import Fault
from cds.review.roles import Account
from cds.review.sample_form import FIELDS, MAX_NAME, MAX_PLAN, SampleForm, explain
from cds.review.sampling import CLASSES, CONTROLS, CannotDrawError
from cds.review.standing import Progress, may_judge_blind, may_settle
from cds.store.accounts import Accounts
from cds.store.column_types import keepable
from cds.store.judged_cases import JudgedCases
from cds.store.samples import KeptSample, SampleNameTakenError, Samples

CLASS_WORDS: Mapping[str, str] = {
    "shown": "Card shown",
    "silent": "Card due, only recorded",
    "near_miss": "No card: near miss",
    "could_not_tell": "No card: could not tell",
    "nothing_to_say": "No card: nothing to say",
    "fired": "A card was due",
    "not_fired": "No card was due",
}
PROGRESS_WORDS: Mapping[Progress, str] = {
    Progress.WAITING: "Not judged by both yet",
    Progress.AGREED: "Both agree",
    Progress.DUE: "To be settled",
    Progress.SETTLED: "Settled by the adjudicator",
}
_WRONG = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesk:
    """What the pages of samples work with. new_seed: makes one, below 2 to the power of 63."""

    samples: Samples
    judged: JudgedCases
    accounts: Accounts
    audit: Audit
    now: Callable[[], datetime]
    new_seed: Callable[[], int]


def offer_samples(routes: Blueprint, desk: SampleDesk) -> None:
    """Add the pages on which a sample is drawn and looked at. They tell no verdict of anybody."""

    @routes.get("/samples")
    def show_samples() -> Response:
        listed = [(each, _count_cases(desk, each)) for each in desk.samples.everything()]
        return send_page("review/samples.html", listed=listed, **_words())

    @routes.get("/samples/new")
    def show_new_sample() -> Response:
        return _show_form(desk, SampleForm(sent=_read({}), people=_people(desk)), ())

    @routes.post("/samples/new")
    def draw_sample() -> ResponseReturnValue:
        form = SampleForm(sent=_read(request.form), people=_people(desk))
        if request.form.get("do") == "count":
            return _show_form(desk, form, ())
        if form.faults:
            return _show_form(desk, form, form.faults)
        drawn = _draw(desk, form)
        if isinstance(drawn, Fault):
            return _show_form(desk, form, (drawn,))
        return redirect(url_for("review.show_sample", sample=drawn), 303)

    @routes.get("/samples/<sample>")
    def show_sample(sample: str) -> Response:
        return _show_sample(desk, sample)


def _show_sample(desk: SampleDesk, sample: str) -> Response:
    kept = desk.samples.find(sample)
    if kept is None:
        raise UnknownRoute("There is no sample at this address.")
    names = {each.id: each.name for each in desk.accounts.everyone()}
    return send_page(
        "review/sample.html",
        sample=kept,
        places=desk.samples.progress(sample),
        cases=_count_cases(desk, kept),
        names=names,
        drawn_by=names.get(kept.drawn_by, ""),
        **_words(),
    )


def _draw(desk: SampleDesk, form: SampleForm) -> str | Fault:
    """Draw and keep a sample; give its id, or say why it could not be drawn."""
    new, by = form.sample(desk.new_seed), signed_in()
    try:
        draw = form.draw(new, desk.samples.ids_by_class(new.frame))
    except CannotDrawError as error:
        return explain(error)
    if knowing := desk.samples.who_cannot(draw, form.team):
        names = ", ".join(sorted(form.people[each].name for each in knowing))
        return Fault(
            field="first",
            sentence=f"{names}: judges one of these decisions blind in one sample and would settle "
            "it in the other, which shows the verdicts of others",
        )
    try:
        sample = desk.samples.add(new, draw, form.team, by.id, desk.now())
    except SampleNameTakenError:
        return Fault(field="name", sentence="There is a sample of this name already")
    desk.audit.note("draw_sample", details={"sample": sample, "decisions": len(draw.picks)})
    return sample


def _show_form(desk: SampleDesk, form: SampleForm, faults: tuple[Fault, ...]) -> Response:
    clients, services = desk.samples.clients_and_services()
    held = {name: len(ids) for name, ids in desk.samples.ids_by_class(form.frame).items()}
    return send_page(
        "review/new_sample.html",
        _WRONG if faults else 200,
        sent=form.sent,
        faults=[(fault.field, fault.sentence) for fault in faults],
        wrong={fault.field: fault.sentence for fault in reversed(faults)},
        named_clients=[(name, name) for name in clients],
        named_services=[(name, name) for name in services],
        named_reviewers=_named(form.people, may_judge_blind),
        named_adjudicators=_named(form.people, may_settle),
        held=held,
        total=sum(held.get(name, 0) for name in CLASSES),
        without_facts=desk.samples.count_without_facts(form.frame),
        max_name=MAX_NAME,
        max_plan=MAX_PLAN,
        **_words(),
    )


def _named(people: Mapping[str, Account], may: Callable[[Account], bool]) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in people.values() if may(each)]


def _count_cases(desk: SampleDesk, sample: KeptSample) -> Counter[Progress]:
    """Count the cases of a sample by how far they are; those that left the store are not there."""
    held = max((each.assigned for each in desk.samples.progress(sample.id)), default=0)
    counts: Counter[Progress] = Counter()
    for case in desk.judged.of_sample(sample.id):
        if case.adjudicated is not None:
            counts[Progress.SETTLED] += 1
        else:
            counts[Progress.DUE if case.result is None else Progress.AGREED] += 1
    counts[Progress.WAITING] = held - counts.total()
    return counts


def _people(desk: SampleDesk) -> dict[str, Account]:
    """Give those who can sign in, by id."""
    return {each.id: each.account for each in desk.accounts.everyone() if each.disabled_at is None}


def _read(sent: Mapping[str, str]) -> dict[str, str]:
    texts = {name: sent.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    return {name: keepable(text) for name, text in texts.items()}


def _words() -> dict[str, Any]:
    return {
        "class_words": CLASS_WORDS,
        "classes": CLASSES,
        "controls": CONTROLS,
        "place_words": PLACE_WORDS,
        "progress_words": PROGRESS_WORDS,
    }
