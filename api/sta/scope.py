"""Names that ``any`` gives to what it chooses (OData 4.0, 5.1.1.10.1), as paths from the entity asked."""

from dataclasses import dataclass, field

from api.sta.model import Kind
from api.sta.names import check, several
from twin.errors import RequestError


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for at a place of a filter."""

    names: dict[str, str] = field(default_factory=dict)
    """Name → the path that leads to it."""

    def path(self, kind: Kind, text: str) -> str:
        """The path from the entity asked.

        Raises:
            RequestError: within an `any` it leads to several without beginning with a name.
        """
        name, slash, rest = text.partition("/")
        if name in self.names:
            return f"{self.names[name]}/{rest}" if slash else self.names[name]
        if self.names and several(kind, tuple(text.split("/"))):
            known = ", ".join(self.names)
            raise RequestError(f"{text[:80]!r} within any leads to several; begin it with a name: {known}")
        return text

    def inner(self, kind: Kind, text: str, name: str) -> "Scope":
        """With a name for each of what a path leads to.

        Raises:
            RequestError: the path does not lead to several, or leaves the `any` around it.
        """
        if self.names and text.partition("/")[0] not in self.names:
            raise RequestError(
                "an any within an any begins with its name, such as any(d: d/Observations/any(…))"
            )
        whole = self.path(kind, text)
        names = check(kind, f"{whole}/id")[:-1]
        if names not in several(kind, names):
            raise RequestError(
                f"{text[:80]!r} leads to one entity, any() is asked of several; leave any() away"
            )
        return Scope({**self.names, name: whole})
