"""Every error this product raises on purpose.

::

    TwinError
    ├── RecipeError            a city.toml or a recipe is wrong
    ├── SourceError            a source did not give what it promised
    │   ├── SourceDown         no answer, time-out, 5xx
    │   ├── SourceRefused      an answer we must not read (address, size, DOCTYPE, redirect)
    │   ├── SourceBroken       an answer that cannot be read (truncated, exception with 200)
    │   ├── SourceChanged      other columns or another layout than the recipe states
    │   ├── SourceShrunk       fewer features than the recipe's min_features
    │   ├── SourceWaits        no news yet, as agreed: no error of anybody's
    │   └── SourceAhead        measurements from the future: its clock runs ahead
    ├── NotCleared             nobody has said yet that the layer may be published
    ├── RunError               a run did not come to its end by itself
    │   ├── TookTooLong        over the limit of time or memory
    │   └── Crashed            its process died
    ├── GeodesyError           CRS or heights
    │   ├── UnknownCRS
    │   └── MissingGeoid
    ├── TilingError            a tileset could not be made
    │   └── NothingDrawn       nothing of a layer has a form that can be drawn
    ├── StoreError             the store could not be read or written
    │   ├── NotFound
    │   ├── AlreadyExists
    │   └── Damaged            an object is not what its revision says
    └── RequestError           a visitor's request cannot be answered as asked
        ├── NotAcceptable      in none of the formats that the visitor reads
        └── TooMuch            it would take longer than a question may

A message names the place (layer, record, file, line) and the remedy, never a record's values.
"""


class TwinError(Exception):
    """Base of all errors raised on purpose."""

    code = "error"


class RecipeError(TwinError):
    """A city.toml or a recipe is wrong."""

    code = "recipe"


class SourceError(TwinError):
    """A source did not give what it promised."""

    code = "source"


class SourceDown(SourceError):
    """No answer, a time-out, or a server error."""

    code = "down"


class SourceRefused(SourceError):
    """An answer or address that we must not read."""

    code = "refused"


class SourceBroken(SourceError):
    """An answer that cannot be read."""

    code = "broken"


class SourceChanged(SourceError):
    """Other columns or another layout than the recipe states."""

    code = "changed"


class SourceShrunk(SourceError):
    """Fewer features than the recipe's ``min_features``."""

    code = "shrunk"


class SourceWaits(SourceError):
    """It has nothing for us yet, as its protocol foresees."""

    code = "waits"


class SourceAhead(SourceError):
    """Measurements from the future: the source's clock runs ahead."""

    code = "ahead"


class NotCleared(TwinError):
    """The recipe calls the licence unclear, and no operator has cleared the layer."""

    code = "not-cleared"


class RunError(TwinError):
    """A run did not come to its end by itself."""

    code = "run"


class TookTooLong(RunError):
    """A run was ended because it took more time or memory than it may."""

    code = "too-long"


class Crashed(RunError):
    """The process of a run died."""

    code = "crashed"


class GeodesyError(TwinError):
    """A coordinate reference system or a height cannot be resolved."""

    code = "geodesy"


class UnknownCRS(GeodesyError):
    """The data name no CRS, or one that nobody knows."""

    code = "crs"


class MissingGeoid(GeodesyError):
    """Neither a geoid grid nor a stated undulation is there."""

    code = "geoid"


class TilingError(TwinError):
    """A tileset could not be made."""

    code = "tiling"


class NothingDrawn(TilingError):
    """Nothing of a layer has a form that can be drawn."""

    code = "nothing-drawn"

    def __init__(self, words: str, left_out: list[dict[str, str]]) -> None:
        super().__init__(words)
        self.left_out = left_out
        """Id and reason of everything."""


class StoreError(TwinError):
    """The store could not be read or written."""

    code = "store"


class NotFound(StoreError):
    """No such object."""

    code = "not-found"


class AlreadyExists(StoreError):
    """A create-only write found its name taken."""

    code = "exists"


class Damaged(StoreError):
    """An object is not what its revision says."""

    code = "damaged"


class RequestError(TwinError):
    """A visitor's request cannot be answered as asked."""

    code = "request"


class TooMuch(RequestError):
    """To answer would take more time or work than one question may."""

    code = "too-much"


class NotAcceptable(RequestError):
    """The answer cannot be had in any format that the visitor reads."""

    code = "not-acceptable"
