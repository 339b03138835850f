"""With what does the service talk to the world? The store, the clients and their servers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cds.ehr.admission import Admission
from cds.ehr.fhir_client import FhirClient
from cds.ehr.jwt import Doorkeeper
from cds.ehr.key_fetch import key_set_fetcher
from cds.ehr.key_sets import KeySets
from cds.ehr.trusted_clients import DEMO_CLIENT, TrustedClients, load_trusted_clients
from cds.modes import Modes
from cds.operations.metrics import REFUSED_TOKENS
from cds.recording import Recorder
from cds.settings import PREFIX, Settings, SettingsError
from cds.snooze import Snooze
from cds.store.database import Store, open_store
from cds.store.decisions import DecisionLog
from cds.store.earlier_cards import EarlierCards
from cds.store.errors import UnusableStoreError
from cds.store.feedback import FeedbackLog
from cds.store.pseudonym import key_file_of, open_pseudonyms
from cds.store.used_tokens import UsedTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What endpoints are given to work with. Made once at start; nothing is connected yet."""

    store: Store
    clients: TrustedClients
    admission: Admission
    fhir_client: FhirClient
    modes: Modes
    recorder: Recorder
    feedback: FeedbackLog


def connect(settings: Settings, now: Callable[[], datetime], trials_needed: int) -> Connected:
    """Open the store and read the registry of trusted clients.

    trials_needed: the parameter trd.min_failed_trials.

    Errors: SettingsError, one sentence that names the setting or the entry.
    """
    try:
        store = open_store(settings.store_url)
        key_file = key_file_of(settings.store_url)
        pseudonyms = open_pseudonyms(settings.pseudonym_key, key_file)
    except UnusableStoreError as error:
        raise SettingsError(f"{PREFIX}STORE_URL: {error}") from None
    clients = TrustedClients()
    doorkeeper = None
    if settings.trusted_clients is not None:
        clients = load_trusted_clients(settings.trusted_clients, settings.profile)
        doorkeeper = Doorkeeper(
            clients=clients,
            key_sets=KeySets(key_set_fetcher(clients), now),
            used_tokens=UsedTokens(store, now),
            public_url=settings.public_url,
            now=now,
            refused=lambda reason: REFUSED_TOKENS.labels(reason).inc(),
        )
    modes = Modes(store, now, clients.clients or (DEMO_CLIENT,))
    return Connected(
        store=store,
        clients=clients,
        modes=modes,
        admission=Admission(clients, doorkeeper),
        fhir_client=FhirClient(),
        recorder=Recorder(
            DecisionLog(store), pseudonyms, modes, Snooze(EarlierCards(store), now), trials_needed
        ),
        feedback=FeedbackLog(store),
    )
