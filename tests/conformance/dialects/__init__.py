"""Which calls do real clients make? One module for each client, in the shapes it is known for."""

from tests.conformance.dialects.athena import ATHENA
from tests.conformance.dialects.cerner import CERNER
from tests.conformance.dialects.crd import CRD
from tests.conformance.dialects.epic import EPIC
from tests.conformance.dialects.epic_feedback import EPIC_FEEDBACK
from tests.conformance.dialects.exchange import Exchange
from tests.conformance.dialects.hapi import HAPI
from tests.conformance.dialects.medplum import MEDPLUM
from tests.conformance.dialects.sandbox import SANDBOX
from tests.conformance.dialects.sandbox_pages import SANDBOX_PAGES

EXCHANGES: tuple[Exchange, ...] = (
    *EPIC,
    *EPIC_FEEDBACK,
    *CERNER,
    *SANDBOX,
    *SANDBOX_PAGES,
    *MEDPLUM,
    *CRD,
    *HAPI,
    *ATHENA,
)
