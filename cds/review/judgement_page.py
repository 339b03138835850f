"""How does a reviewer judge a case, and an adjudicator settle it? The form, and where it goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cds.errors import UnknownRoute
from cds.pages.page import send_page
from cds.review.audit import DONE, REFUSED, Audit
from cds.review.guard import signed_in
from cds.review.judgement_form import (
    PLACE_WORDS,
    VERDICT_WORDS,
    Panel,
    list_answers,
    read_form,
)
from cds.review.judging import (
    BLIND,
    MAX_COMMENT,
    Fault,
    Judgement,
    Place,
    Verdict3,
    agree_with_what_is_open,
    find_faults,
    find_open_answers,
    questions_on,
)
from cds.review.reasons import read_reasons
from cds.review.roles import Account
from cds.review.standing import Refusal, may_judge_blind, may_settle
from cds.store.case_view import CaseView, SavedJudgement
from cds.store.judgements import Form, JudgementLog, Stale

_CONFLICT, _WRONG = 409, 422
_STALE = (
    "This case was saved in another tab or window after you opened this page. Nothing is lost: "
    "what you entered here is still below, and what was saved stands above it. Save again to keep "
    "what is below."
)
_STALE_FOR_SCRIPT = (
    "This case was saved in another tab or window after you opened this page. What you entered is "
    "still here: press Save draft to see both."
)
_CASE = "review.show_case"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the pages work with."""

    log: JudgementLog
    audit: Audit
    now: Callable[[], datetime]


def offer_judging(
    routes: Blueprint, log: JudgementLog, audit: Audit, now: Callable[[], datetime]
) -> None:
    """Add the pages of a judgement and of an adjudication, and the form to the case page.

    Templates get `judging_on(decision)`: the form of the account of this request on a decision, as
    a tuple of one or none; {% include "review/judgement_form.html" %} shows it, as `panel`.
    """
    desk = _Desk(log, audit, now)

    @routes.context_processor
    def give_form() -> dict[str, Any]:
        return {"judging_on": lambda decision: _panels_on(desk, decision), **_words()}

    @routes.get("/judgements/<assignment>")
    def show_judge(assignment: str) -> Response:
        return _show(desk, _open(desk, assignment, BLIND))

    @routes.post("/judgements/<assignment>")
    def judge(assignment: str) -> ResponseReturnValue:
        return _take(desk, _open(desk, assignment, BLIND))

    @routes.get("/adjudications/<assignment>")
    def show_adjudication(assignment: str) -> Response:
        return _show(desk, _open(desk, assignment, (Place.ADJUDICATOR,)))

    @routes.post("/adjudications/<assignment>")
    def adjudicate(assignment: str) -> ResponseReturnValue:
        return _take(desk, _open(desk, assignment, (Place.ADJUDICATOR,)))


def address_of_form(assignment: str, place: Place, check: str | None = None) -> str:
    """Give the address of the form alone, which is also where it is sent to."""
    endpoint = "review.show_adjudication" if place is Place.ADJUDICATOR else "review.show_judge"
    return url_for(endpoint, assignment=assignment, _anchor="judgement", check=check)


def address_of_case(decision: str, assignment: str, place: Place, check: str | None = None) -> str:
    """Give the address of the case with the form on it; of the form, where no case is shown."""
    if _CASE not in current_app.view_functions:
        return address_of_form(assignment, place, check)
    return url_for(
        _CASE, decision_id=decision, judging=assignment, _anchor="judgement", check=check
    )


def _panels_on(desk: _Desk, decision: str) -> tuple[Panel, ...]:
    """Give the form of whoever is signed in on a decision; most people have none.

    Of several samples it is the one that the address names, else the newest.
    """
    account, wanted = signed_in(), request.args.get("judging")
    mine = [
        each for each in desk.log.assigned(account.id, decision) if _may_open(account, each.place)
    ]
    mine.sort(key=lambda each: each.id != wanted)
    view = desk.log.view(account.id, mine[0].id) if mine else None
    return (_panel(view, back="case"),) if view else ()


def _may_open(account: Account, place: Place) -> bool:
    return place is not Place.ADJUDICATOR or may_settle(account)


def _open(desk: _Desk, assignment: str, places: tuple[Place, ...]) -> CaseView:
    """Give a case that is theirs. Errors: UnknownRoute, also for one of somebody else."""
    view = desk.log.view(signed_in().id, assignment)
    if view is None or view.assigned.place not in places:
        raise UnknownRoute("You have no case at this address.")
    return view


def _panel(view: CaseView, *, back: str) -> Panel:
    given = view.newest.judgement if view.newest else Judgement()
    panel = Panel(view=view, given=replace(given, because=""), back=back)
    if "check" not in request.args or view.newest is None:
        return panel
    return replace(panel, faults=_open_answers(view, panel.given))


def _show(desk: _Desk, view: CaseView) -> Response:
    desk.audit.note("view_case", decision=view.assigned.decision, details={"page": "judgement"})
    return _send(_panel(view, back="form"))


def _send(panel: Panel, status: int = 200) -> Response:
    template = "review/adjudicate.html" if panel.settles else "review/judge.html"
    return send_page(template, status, panel=panel)


def _take(desk: _Desk, view: CaseView) -> ResponseReturnValue:
    """Save what was sent, or show it again with what is wrong; nothing that was typed is lost."""
    account, do = signed_in(), request.form.get("do", "draft")
    form = read_form(request.form, _asked(view), submit=do == "submit")
    back = "case" if request.form.get("back") == "case" else "form"
    panel = Panel(view=view, given=form.judgement, back=back)
    faults = find_faults(form.judgement, {reason.code for reason in read_reasons()})
    if do == "agree":
        form = replace(form, judgement=agree_with_what_is_open(form.judgement, _asked(view)))
    open_answers = _open_answers(view, form.judgement) if form.submit else ()
    if faults or (open_answers and view.standing.submitted):
        return _refuse(replace(panel, faults=(*faults, *open_answers)), _WRONG)
    if open_answers:
        form = replace(form, submit=False)
    outcome = _save(desk, account, view, form)
    if isinstance(outcome, SavedJudgement):
        return _accept(panel, outcome, unfinished=bool(open_answers))
    fresh = _open(desk, view.assigned.id, (view.assigned.place,))
    if isinstance(outcome, Refusal):
        return _refuse(replace(panel, view=fresh, notice=outcome.value), _CONFLICT)
    return _refuse(replace(panel, view=fresh, notice=_STALE, other_tab=outcome.saved), _CONFLICT)


def _save(
    desk: _Desk, account: Account, view: CaseView, form: Form
) -> SavedJudgement | Stale | Refusal:
    """Save a form, and write down that somebody submitted, or was refused to."""
    assigned = view.assigned
    if _knows_too_much(account, view):
        outcome: SavedJudgement | Stale | Refusal | None = Refusal.SEES_OTHERS
    else:
        outcome = desk.log.save(account.id, assigned.id, form, desk.now())
    if outcome is None:  # the decision was removed from the store meanwhile
        raise UnknownRoute("This case is no longer kept.")
    if form.submit or not isinstance(outcome, SavedJudgement):
        desk.audit.note(
            "judge",
            decision=assigned.decision,
            outcome=DONE if isinstance(outcome, SavedJudgement) else REFUSED,
            details={"sample": assigned.sample, "place": assigned.place.value},
        )
    return outcome


def _knows_too_much(account: Account, view: CaseView) -> bool:
    """Whether a reviewer was given another role, and could change a verdict knowing the other."""
    is_blind = view.assigned.place in BLIND
    return is_blind and view.standing.submitted and not may_judge_blind(account)


def _accept(panel: Panel, saved: SavedJudgement, *, unfinished: bool) -> ResponseReturnValue:
    assigned = panel.view.assigned
    if _is_script():
        return jsonify(based_on=saved.id, told=f"Draft saved {saved.saved_at:%H:%M} UTC")
    if saved.submitted:
        return redirect(url_for("review.show_my_cases", done=assigned.id), 303)
    check = "1" if unfinished else None
    if panel.back == "case":
        address = address_of_case(assigned.decision, assigned.id, assigned.place, check)
    else:
        address = address_of_form(assigned.id, assigned.place, check)
    return redirect(address, 303)


def _refuse(panel: Panel, status: int) -> ResponseReturnValue:
    """Show the form again with what was typed; a script is told in one sentence."""
    if _is_script():
        told = _STALE_FOR_SCRIPT if panel.other_tab else panel.notice or panel.faults[0].sentence
        return Response(f"Draft not saved. {told}", status, mimetype="text/plain")
    return _send(panel, status)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _asked(view: CaseView) -> tuple[str, ...]:
    return questions_on(has_card=view.assigned.has_card)


def _open_answers(view: CaseView, judgement: Judgement) -> tuple[Fault, ...]:
    changes = view.standing.submitted and not view.holds(judgement)
    return find_open_answers(judgement, _asked(view), is_revision=changes)


def _words() -> dict[str, Any]:
    reasons = read_reasons()
    return {
        "reasons": reasons,
        "reason_words": {reason.code: reason.display for reason in reasons},
        "verdicts": tuple(Verdict3),
        "verdict_words": VERDICT_WORDS,
        "place_words": PLACE_WORDS,
        "max_comment": MAX_COMMENT,
        "list_answers": list_answers,
        "address_of_form": address_of_form,
        "address_of_case": address_of_case,
        "asked_on": _asked,
    }
