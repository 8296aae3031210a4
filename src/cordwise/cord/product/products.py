"""The kinds of cell product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of cell product; `foreign` cells are rejected by the host."""

    name: str
    foreign: bool
    meaning: str


PRODUCTS = {
    product.name: product
    for product in (
        Product("autologous_msc", foreign=False, meaning="mesenchymal stromal cells of the patient's own marrow"),
        Product("allogeneic_msc", foreign=True, meaning="mesenchymal stromal cells of a donor"),
        Product("neural_progenitors", foreign=True, meaning="neural progenitor cells of a donor line"),
    )
}
