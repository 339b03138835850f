"""How does a lead take decisions and judgements to other tools, and an auditor the audit?

Every export is written down before the first byte of it is sent; where it cannot be, nothing is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from cds.errors import InvalidRequest
from cds.exports.export_desk import ExportDesk, Order
from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.exports_form import (
    AS_KEPT,
    AUDIT_FILES,
    DEIDENTIFIED,
    REVIEW_FILES,
    ExportForm,
    Offered,
    read_fields,
)
from cds.review.guard import signed_in
from cds.store.samples import Samples

_WRONG = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsDesk:
    """What the page works with."""

    exports: ExportDesk
    samples: Samples
    audit: Audit


def offer_exports(routes: Blueprint, desk: ExportsDesk) -> None:
    """Add the page of exports and its downloads, and that of the audit to the page of the audit.

    Judgements are those of cases that both reviewers have judged; what the one who asks has still
    to judge blind, in any sample, is left out.
    """

    @routes.get("/exports")
    def show_exports() -> Response:
        return _show(ExportForm(read_fields({})), _offered(desk))

    @routes.post("/exports")
    def export() -> ResponseReturnValue:
        form, offered = ExportForm(read_fields(request.form)), _offered(desk)
        order = form.read(offered, signed_in().id)
        return _show(form, offered) if order is None else _send(desk, order)

    @routes.post("/audit/export")
    def export_audit() -> ResponseReturnValue:
        sent = read_fields(request.form)
        # A box that is not ticked sends nothing.
        form = ExportForm(sent | {"told": sent["told"] or AS_KEPT, "client": "", "sample": ""})
        order = form.read(Offered(AUDIT_FILES), signed_in().id)
        if order is None:
            raise InvalidRequest(f"{form.faults[0][1]}.")
        return _send(desk, order)

    @routes.context_processor
    def give_audit_files() -> dict[str, Any]:
        return {"audit_files": AUDIT_FILES}


def _offered(desk: ExportsDesk) -> Offered:
    clients, _ = desk.samples.clients_and_services()
    samples = {each.id: each.name for each in desk.samples.everything()}
    return Offered(REVIEW_FILES, clients, samples)


def _send(desk: ExportsDesk, order: Order) -> Response:
    """Write down that it is exported, and then send it, a bit at a time.

    The first bit is read before the answer begins, so that a store that cannot be reached is told
    as what it is. Where it fails later the connection breaks off: no browser takes that for a whole
    file.
    """
    desk.audit.note("export", details=order.told)
    chunks: Iterator[bytes] = iter(desk.exports.write(order))
    first = next(chunks, b"")
    response = Response(chain((first,), chunks), mimetype=order.file.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{order.file.name}"'
    return response


def _show(form: ExportForm, offered: Offered) -> Response:
    return send_page(
        "review/exports.html",
        _WRONG if form.faults else 200,
        faults=form.faults,
        wrong=dict(form.faults),
        sent=form.sent,
        files=offered.files,
        clients=[(name, name) for name in offered.clients],
        samples=list(offered.samples.items()),
        told=form.sent["told"] or DEIDENTIFIED,
        deidentified=DEIDENTIFIED,
        as_kept=AS_KEPT,
    )
