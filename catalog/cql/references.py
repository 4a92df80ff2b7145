"""Geometries by reference: a filter names a feature whose outline would be too long to write down.

``FEATURE('districts', '05')`` is a function in the sense of CQL2 (class *functions*) that gives a geometry.
Reading makes a `Reference` of it, checking knows its type; what it stands for depends on the time that is
asked about and comes last, from whoever knows the store.
"""

from collections.abc import Callable, Sequence

from catalog.cql.tree import Literal, Node, Reference, Shape, mapped, parts
from twin.errors import RequestError

FUNCTION = "feature"
MOST = 10
"""Most different features that a filter may name."""
_LONGEST = 200
_EXAMPLE = "write for example FEATURE('districts', '05')"


def reference(args: Sequence[Node]) -> Reference:
    """What the function's arguments name; `RequestError` if they are not two texts."""
    found = [arg.value for arg in args if isinstance(arg, Literal) and isinstance(arg.value, str)]
    if len(args) != 2 or len(found) != 2:
        raise RequestError(f"filter has a FEATURE that is not given a layer and an id in quotes; {_EXAMPLE}")
    layer, name = found
    if not layer or not name or max(len(layer), len(name)) > _LONGEST:
        raise RequestError(
            f"filter has a FEATURE of an empty name, or of one over {_LONGEST} letters; {_EXAMPLE}"
        )
    return Reference(layer, name)


def references(tree: Node) -> tuple[Reference, ...]:
    """The features that a tree names, each once, in the order in which it does."""
    found = (tree,) if isinstance(tree, Reference) else ()
    return tuple(dict.fromkeys((*found, *(one for part in parts(tree) for one in references(part)))))


def resolved(tree: Node, shape: Callable[[Reference], Shape]) -> Node:
    """The tree with a geometry in the place of each feature that it names; `shape` is asked once for each."""
    known = {one: shape(one) for one in references(tree)}
    if not known:
        return tree
    found: Node = mapped(tree, lambda leaf: known[leaf] if isinstance(leaf, Reference) else leaf)
    return found
