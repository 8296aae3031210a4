"""The kinds of product: living cells or what they secrete, the patient's own or a donor's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductKind:
    """A kind of product.

    `foreign` cells are rejected by the host; of a product that is not `living` nothing settles in the cord; one that
    is `grown_to_order` has to be manufactured from the patient's marrow first, the others wait on the shelf.
    """

    name: str
    foreign: bool
    living: bool
    grown_to_order: bool
    meaning: str


PRODUCTS = {
    product.name: product
    for product in (
        ProductKind("autologous_msc", False, True, True, "mesenchymal stromal cells of the patient's own marrow"),
        ProductKind("allogeneic_msc", True, True, False, "mesenchymal stromal cells of a donor, off the shelf"),
        ProductKind("neural_progenitors", True, True, False, "neural progenitor cells of a donor line"),
        ProductKind("msc_vesicles", False, False, False, "what stromal cells secrete, without the cells"),
    )
}
