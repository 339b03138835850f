"""What is mine to judge? The worklist of whoever is signed in, and the next open case."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from cds.pages.page import send_page
from cds.review.guard import signed_in
from cds.store.worklists import Worklists, WorkState

STATE_WORDS: Mapping[WorkState, str] = {
    WorkState.TO_DO: "To do",
    WorkState.DRAFT: "Draft",
    WorkState.SUBMITTED: "Submitted",
}


def offer_worklist(routes: Blueprint, worklists: Worklists) -> None:
    """Add the page "My cases". It holds nothing of a patient, and nothing of what others said."""

    @routes.get("/my-cases")
    def show_my_cases() -> Response:
        worklist = worklists.of(signed_in().id)
        done = request.args.get("done", "")
        mine = {item.assignment: item for item in (*worklist.blind, *worklist.to_settle)}
        is_done = done in mine and mine[done].state is WorkState.SUBMITTED
        return send_page(
            "review/worklist.html",
            worklist=worklist,
            done=is_done,
            next_case=worklist.next_after(done),
            submitted=sum(item.state is WorkState.SUBMITTED for item in worklist.blind),
            state_words=STATE_WORDS,
        )
