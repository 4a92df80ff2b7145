"""The way back: an old revision of a layer is published again, under a new number, and nothing is asked."""

from catalog.publish import rollback
from ingest.schedule import chosen
from twin.city import City
from twin.errors import NotFound, RecipeError
from twin.store import Store
from twin.times import iso


def back_to(city: City, store: Store, names: list[str], number: int) -> str:
    """Publish revision `number` of the layer that is named once more; says what holds now.

    Raises:
        RecipeError: not one layer is named, or it has no such revision.
        Damaged: the revision is no longer whole.
    """
    if len(names) != 1:
        raise RecipeError("--back-to is for one layer; write: twin run CITY LAYER --back-to NUMBER")
    layer = chosen(city, names)[0]
    try:
        revision = rollback(store, city, layer.id, number)
    except NotFound:
        raise RecipeError(
            f"{layer.id} has no revision {number:06d}; `twin show {layer.name} --history` names them"
        ) from None
    return (
        f"✓ {layer.id}: revision {revision.name} is {number:06d} again, from {iso(revision.holds_from)}; "
        "the next run publishes what the source says then"
    )
