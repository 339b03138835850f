"""Which modes are in force, as operators watch them?"""

from collections.abc import Iterator

from cds.mode_in_force import MODES
from cds.modes import Modes
from cds.operations.metrics import StateGauge


def mode_gauge(modes: Modes) -> StateGauge:
    """Tell for each service of each client which of the modes is in force.

    It is what this worker acts on: where the store cannot be read, the last known.
    """

    def ask() -> Iterator[tuple[tuple[str, ...], bool]]:
        for client in modes.clients:
            for service in modes.services:
                in_force = modes.mode_of(client, service)
                yield from (((client.name, service, mode), mode == in_force) for mode in MODES)

    return StateGauge("trd_cds_mode", "Mode in force", ("client", "service", "mode"), ask)
