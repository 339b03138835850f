"""Which laboratory result was replaced by a corrected one under the same identifier?"""

from collections.abc import Iterable

from rules.codes import Code
from rules.fhir_reader.observations import Observed
from rules.findings import NotUsed

_CORRECTED = frozenset({"corrected", "amended"})

_Key = tuple[tuple[str, str], Code]


def drop_corrected(
    observed: Iterable[Observed],
) -> tuple[tuple[Observed, ...], tuple[NotUsed, ...]]:
    """Leave out results of which a corrected one under the same identifier and code is here.

    The code is compared too, because a laboratory may number a whole order and not a result.
    Source: rule.md section 6.3.
    """
    known = list(observed)
    corrected = {key for each in known if each.status in _CORRECTED for key in _keys(each)}
    kept: list[Observed] = []
    not_used: list[NotUsed] = []
    for each in known:
        if each.status not in _CORRECTED and not corrected.isdisjoint(_keys(each)):
            not_used.append(NotUsed(each.source, "replaced by a corrected result"))
        else:
            kept.append(each)
    return tuple(kept), tuple(not_used)


def _keys(each: Observed) -> set[_Key]:
    return {(identifier, fact.code) for identifier in each.identifiers for fact in each.facts}
