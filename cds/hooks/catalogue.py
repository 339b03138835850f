"""Which services does this deployment offer, and what data does each ask for?

The only source: discovery, the prefetch reader and every document are made from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.codes import LOINC, Code
from rules.knowledge import Knowledge
from rules.knowledge.model import MarkerUse

PATIENT_VIEW = "trd-inflammation-patient-view"
ORDER_SELECT = "trd-inflammation-order-select"
ORDER_SIGN = "trd-inflammation-order-sign"
CDS_HOOKS_VERSION = "2.0.1"

_PATIENT = "patient={{context.patientId}}"
# What a quantitative or a qualitative result of the marker is filed under. Other marker codes are
# only shown, and would push CRP out of a page that holds fifty results.
_MARKER_USES = frozenset({MarkerUse.ANALYTE, MarkerUse.QUALITATIVE})
_ANSWER = "LA"  # LOINC codes of answers, under which no Observation is filed
_SHOWN_USES = frozenset({MarkerUse.DISPLAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefetchTemplate:
    """One query of the prefetch. codes: which codes its resources carry; none means any."""

    key: str
    resource_type: str
    query: str
    required: bool = False
    codes: frozenset[Code] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class HookService:
    """One service as clients see it."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: tuple[PrefetchTemplate, ...]

    @property
    def usage_requirements(self) -> str:
        """Say which prefetch keys are needed; the standard has no member for it."""
        keys = ", ".join(template.key for template in self.prefetch if template.required)
        return (
            f"Needs these prefetch keys: {keys}. An empty result is fine; a key that is absent or "
            "holds an OperationOutcome is answered with 412. The other keys are optional and make "
            "the answer more certain. Not a medical device: research prototype, synthetic or test "
            "data, not for clinical use."
        )


_PATIENT_READ = PrefetchTemplate(
    key="patient",
    resource_type="Patient",
    query="Patient/{{context.patientId}}",
    required=True,
)


def build_catalogue(knowledge: Knowledge) -> Mapping[str, HookService]:
    """Give the services by id, with the codes of this knowledge in their queries."""
    patient_view = HookService(
        id=PATIENT_VIEW,
        hook="patient-view",
        title="Treatment-resistant depression with raised CRP: experimental evidence",
        description=(
            "Tells when a record meets criteria for treatment-resistant depression with raised "
            "C-reactive protein, and what experimental research exists on it. Informational "
            "only: it recommends no treatment."
        ),
        prefetch=_patient_view_prefetch(knowledge),
    )
    services = (
        patient_view,
        _order_service(ORDER_SELECT, "order-select", "selected", knowledge),
        _order_service(ORDER_SIGN, "order-sign", "about to be signed", knowledge),
    )
    return {service.id: service for service in services}


def _order_service(identity: str, hook: str, moment: str, knowledge: Knowledge) -> HookService:
    return HookService(
        id=identity,
        hook=hook,
        title="Draft order of a drug that is experimental for depression",
        description=(
            f"Tells when a draft order that is {moment} is for a drug that is experimental for "
            "depression, while a depressive disorder is active and no labelled indication is on "
            "the order or in the record. Informational only: it recommends no treatment."
        ),
        prefetch=_order_prefetch(knowledge),
    )


def _order_prefetch(knowledge: Knowledge) -> tuple[PrefetchTemplate, ...]:
    """The record as far as a draft needs it; the drafts themselves come in the context."""
    scales = {code for code in knowledge.scales_by_code if code.system == LOINC}
    return (
        _PATIENT_READ,
        _search("conditions", "Condition", "_count=200", required=True),
        _observations("scores", frozenset(scales), "_count=50"),
    )


def _patient_view_prefetch(knowledge: Knowledge) -> tuple[PrefetchTemplate, ...]:
    markers = _marker_codes(knowledge, _MARKER_USES)
    return (
        _PATIENT_READ,
        _search("conditions", "Condition", "_count=200", required=True),
        _search(
            "medications", "MedicationRequest", "_sort=-authoredon", "_count=200", required=True
        ),
        _observations("markers", markers, "_count=50", required=True),
        _observations("scores", _other_codes(knowledge) - markers, "_count=200"),
        _search("dispenses", "MedicationDispense", "_sort=-whenhandedover", "_count=200"),
        _search("statements", "MedicationStatement", "_sort=-effective", "_count=200"),
        _search(
            "administrations", "MedicationAdministration", "_sort=-effective-time", "_count=200"
        ),
        _search("questionnaires", "QuestionnaireResponse", "_sort=-authored", "_count=50"),
        _search("procedures", "Procedure", "_sort=-date", "_count=100"),
    )


def _search(
    key: str, resource_type: str, *parameters: str, required: bool = False
) -> PrefetchTemplate:
    query = f"{resource_type}?{'&'.join((_PATIENT, *parameters))}"
    return PrefetchTemplate(key=key, resource_type=resource_type, query=query, required=required)


def _observations(
    key: str, codes: frozenset[Code], count: str, *, required: bool = False
) -> PrefetchTemplate:
    listed = ",".join(f"{code.system}|{code.code}" for code in sorted(codes))
    return PrefetchTemplate(
        key=key,
        resource_type="Observation",
        query=f"Observation?{_PATIENT}&code={listed}&_sort=-date&{count}",
        required=required,
        codes=codes,
    )


def _marker_codes(knowledge: Knowledge, uses: Iterable[MarkerUse]) -> frozenset[Code]:
    return frozenset(
        code
        for code, marker in knowledge.markers.items()
        if marker.use in uses and code.system == LOINC
    )


def _other_codes(knowledge: Knowledge) -> frozenset[Code]:
    """Every LOINC code besides the markers: scales, their items, and what else is measured."""
    measured = {
        code
        for value_set in knowledge.value_sets.values()
        for code in value_set.codes
        if code.system == LOINC and not code.code.startswith(_ANSWER)
    }
    scales = {code for code in knowledge.scales_by_code if code.system == LOINC}
    return frozenset(measured | scales | _marker_codes(knowledge, _SHOWN_USES))
