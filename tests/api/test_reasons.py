"""Why a source failed, for visitors: each fault has a sentence in three registers, none of the program's."""

import pytest

from api.reasons import REASONS, reason
from twin import errors

SOURCE_FAULTS = [
    errors.SourceError,
    *errors.SourceError.__subclasses__(),
    errors.NotCleared,
    errors.RecipeError,
]


@pytest.mark.parametrize("fault", SOURCE_FAULTS, ids=lambda fault: fault.code)
def test_each_fault_of_a_source_has_a_sentence_of_its_own(fault):
    said = reason(fault.code)
    assert said is REASONS[fault.code]
    assert [said.de, said.en, said.ls] == [text for text in (said.de, said.en, said.ls) if text[-1] in ".?"]
    assert sum(other.de == said.de for other in REASONS.values()) == 1


def test_other_faults_are_ours_and_no_fault_has_no_reason():
    assert reason(errors.Crashed.code) == reason("something new")
    assert "Betreiber" in reason(errors.Crashed.code).de
    assert reason(None) is None
