"""Decision: what the gate did to how many rows or values, and why. Never what it did it to."""

from enum import StrEnum

from twin.base import Noun, Text


class Act(StrEnum):
    """What the gate can do beside letting something pass."""

    COARSEN = "coarsen"
    """The thing is published as a part of a cell only."""
    DROP = "drop"
    """The value, or the personal part of it, is left out."""
    HOLD = "hold"
    """The row is not published."""
    ALLOW = "pass"
    """The recipe says that a field with a telling name tells nothing."""


ACT_TITLES = {
    Act.COARSEN: Text(de="vergröbert", en="coarsened"),
    Act.DROP: Text(de="weggelassen", en="left out"),
    Act.HOLD: Text(de="zurückgehalten", en="held back"),
    Act.ALLOW: Text(de="durchgelassen", en="let pass"),
}


class Decision(Noun):
    """One kind of decision of one run, counted."""

    act: Act
    found: str
    """Class of what was found (``phone number``), or what kind of rule found it."""
    column: str
    """Our column, or the field that the recipe's rule names; empty where a row is meant."""
    count: int
    reason: Text

    @property
    def words(self) -> str:
        """What was done, in one line without a value."""
        if self.found == "rule":
            where = f": {self.column}" if self.column else ""
            return f"{ACT_TITLES[self.act].en} by a rule of the recipe{where}. {self.reason.en}"
        where = f" in {self.column}" if self.column else ""
        return f"{ACT_TITLES[self.act].en}: {self.found}{where}. {self.reason.en}"


def key(act: Act, found: str, column: str, reason: Text) -> str:
    """A decision without its count as one string, as reports count them."""
    return "\t".join((act.value, found, column, reason.de, reason.en))


def decisions(counts: dict[str, int]) -> tuple[Decision, ...]:
    """The decisions that `key` wrote, each with its count, in a fixed order."""
    made = []
    for told, count in sorted(counts.items()):
        act, found, column, de, en = told.split("\t")
        made.append(
            Decision(act=Act(act), found=found, column=column, count=count, reason=Text(de=de, en=en))
        )
    return tuple(made)
