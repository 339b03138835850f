"""What became of a resource? Which findings rest on it, or why it was left out."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cds.review.criterion import Criterion
from rules.findings import LabelledResult, NotUsed
from rules.plain_words import number

_NO_PART = "Read; no finding names it"
_SHOWN = Decimal("0.001")


def _compared(value: Decimal) -> str:
    """Write a converted value with three decimals at most; the rule compares all of them."""
    rounded = value.quantize(_SHOWN)
    return f"{number(rounded)} mg/L"


class Uses:
    """Knows what rests on which resource, for one decision."""

    def __init__(
        self,
        root: Criterion,
        not_used: Iterable[NotUsed],
        results: Iterable[LabelledResult] = (),
    ) -> None:
        self._converted = {
            (source, each.marker_name): f"{each.comparator or ''}{_compared(each.value_mg_per_l)}"
            for each in results
            for source in each.sources
            if each.value_mg_per_l is not None
        }
        self._resting: dict[str, list[str]] = {}
        self._left_out: dict[str, list[str]] = {}
        for criterion in root.walk():
            for source in criterion.sources:
                self._resting.setdefault(source, []).append(criterion.title)
        for each in not_used:
            self._left_out.setdefault(each.source, []).append(each.because)

    def converted(self, what: str, sources: Sequence[str]) -> str:
        """Give the value of a marker as it was compared, in mg/L; "" where none was."""
        return next((told for each in sources if (told := self._converted.get((each, what)))), "")

    def of(self, sources: Sequence[str]) -> str:
        """Say in words what became of a datum that came from these resources."""
        reasons = [because for source in sources for because in self._left_out.get(source, ())]
        titles = [title for source in sources for title in self._resting.get(source, ())]
        used = [f"Used: {', '.join(dict.fromkeys(titles))}"] if titles else []
        left_out = [f"Not used: {'; '.join(dict.fromkeys(reasons))}"] if reasons else []
        return ". ".join((*used, *left_out)) or _NO_PART
