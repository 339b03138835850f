"""Which product does a patient of a vignette take?"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from rules.codes import ATC, RXNORM, Code
from tests.support.chart import DrugEntry
from tests.support.strict_yaml import read_yaml
from tests.support.vignette import DIRECTORY


class Product(BaseModel):
    """One product: its code, and what one unit of it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    drug: str
    rxnorm: str | None = None
    atc: str | None = None
    mg: Decimal | None = None
    unit: str | None = None

    @property
    def code(self) -> Code:
        if self.rxnorm is not None:
            return Code(RXNORM, self.rxnorm)
        assert self.atc is not None, f"{self.drug}: a product needs a code"
        return Code(ATC, self.atc)


@cache
def products() -> Mapping[str, Product]:
    """Give the products by the names the vignettes use."""
    return TypeAdapter(dict[str, Product]).validate_python(read_yaml(DIRECTORY / "products.yaml"))


def name_of_product(entry: DrugEntry) -> str:
    """Give the name of the product: the one that is named, else the first that fits the dose.

    Errors: LookupError names the drug and the dose no product makes up in whole units.
    """
    if entry.product is not None:
        return entry.product
    for name, product in products().items():
        if product.drug == entry.drug and _makes_up(product, entry):
            return name
    raise LookupError(f"no product in products.yaml for {entry.drug} {entry.dose}")


def _makes_up(product: Product, entry: DrugEntry) -> bool:
    dose = entry.stated_dose
    if dose is None:
        return product.mg is None or entry.dose is not None
    return product.mg is not None and not dose.low_mg % product.mg and not dose.high_mg % product.mg
