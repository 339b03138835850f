"""Which modes are in force, who put them there and why, and how is one switched?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cds.ehr.trusted_clients import Mode
from cds.mode_in_force import MODES, held_lower
from cds.modes import IN_FORCE_WITHIN_S, Modes, SwitchRefusedError
from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.guard import signed_in
from cds.review.roles import Permission
from cds.store.mode_switches import Scope, Switch

# No client and no service is called so: the registry allows letters, digits and hyphens.
ALL = "*"
_HISTORY = 200
_WRONG = 400
_MODE_TELLS: Mapping[Mode, str] = {
    "off": "Nothing is evaluated. Clinicians see no card.",
    "silent": "Evaluated and written down. Clinicians see no card.",
    "live": "Evaluated and written down. Clinicians see the cards.",
}
_MISSING = {
    "mode": "Choose a mode",
    "client": "Choose a client, or all clients",
    "service": "Choose a service, or all services",
    "because": "Say why",
}
_SHOWN_AS = {"because": "Why", "by": "Your name"}


@dataclass(frozen=True, slots=True)
class _Form:
    """What was typed in. An empty text: not yet."""

    values: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, str] | None = None

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """Give what is wrong, as field and sentence, in the order of the form."""
        missing = tuple(
            (name, sentence)
            for name, sentence in _MISSING.items()
            if self.values and not self.values[name]
        )
        return missing or ((self.refused,) if self.refused else ())

    @property
    def scope(self) -> Scope:
        """Give the client and service that were chosen."""
        client, service = (self.values[name] for name in ("client", "service"))
        return (None if client == ALL else client), (None if service == ALL else service)


def offer_modes(routes: Blueprint, modes: Modes, audit: Audit) -> None:
    """Add the page of the modes, and the address its form is sent to."""

    @routes.get("/modes")
    def show_modes() -> Response:
        return _show(modes, _Form())

    @routes.post("/modes")
    def switch_mode() -> ResponseReturnValue:
        form = _read_form()
        if form.faults:
            return _show(modes, form)
        mode = next(mode for mode in MODES if mode == form.values["mode"])
        by, because = signed_in().name, form.values["because"]
        try:
            switch = modes.switch(mode, form.scope, by=by, because=because)
        except SwitchRefusedError as error:
            return _show(modes, _Form(form.values, _place(error)))
        audit.note("switch_mode", details=_tell(switch))
        return redirect(url_for(".show_modes", switched=switch.id), 303)


def _read_form() -> _Form:
    """Read what was sent. A mode that is none was not chosen in our form."""
    values = {name: request.form.get(name, "").strip() for name in _MISSING}
    if values["mode"] not in MODES:
        values["mode"] = ""
    return _Form(values)


def _place(error: SwitchRefusedError) -> tuple[str, str]:
    """Say at which field what is wrong; who switches is no field, so it is told with why."""
    name = _SHOWN_AS.get(error.field, error.field.capitalize())
    return (error.field if error.field in _MISSING else "because"), f"{name}: {error}"


def _show(modes: Modes, form: _Form) -> Response:
    in_force, history = modes.in_force(), modes.history(_HISTORY + 1)
    asked = request.args.get("switched", type=int)
    switched = next((each for each in history if each.id == asked), None)
    return send_page(
        "review/modes.html",
        _WRONG if form.faults else 200,
        in_force=in_force,
        history=history[:_HISTORY],
        cut=len(history) > _HISTORY,
        switched=switched,
        held_lower=held_lower(switched, in_force) if switched else (),
        form=form,
        may_switch=signed_in().may(Permission.SWITCH_MODES),
        clients=[client.name for client in modes.clients],
        services=modes.services,
        modes=_MODE_TELLS,
        all=ALL,
        within_s=IN_FORCE_WITHIN_S,
    )


def _tell(switch: Switch) -> dict[str, object]:
    """Say in the audit what was switched; why stands with the switch itself."""
    return {
        "switch": switch.id,
        "mode": switch.mode,
        "client": switch.client or ALL,
        "service": switch.service or ALL,
    }
