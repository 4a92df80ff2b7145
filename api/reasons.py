"""Why the last attempt at a layer failed, in words of visitors: of each fault's code a sentence."""

from twin import errors
from twin.base import Text

_OURS = Text(
    de="Beim Verarbeiten ist etwas schiefgegangen. Der Betreiber kann nachsehen, was es war.",
    en="Something went wrong while processing. The operator can look up what it was.",
    ls="Beim Computer ist etwas kaputt. Die Betreiber können nachsehen.",
)
_RECIPE = Text(
    de="Die Beschreibung dieser Quelle ist fehlerhaft. Der Betreiber muss sie berichtigen.",
    en="The description of this source has a mistake. The operator has to correct it.",
    ls="In der Beschreibung ist ein Fehler. Die Betreiber müssen den Fehler reparieren.",
)
REASONS = {
    errors.RecipeError.code: _RECIPE,
    errors.SourceError.code: Text(
        de="Mit der Quelle stimmt etwas nicht.",
        en="Something is wrong with the source.",
        ls="Bei der Quelle stimmt etwas nicht.",
    ),
    errors.SourceDown.code: Text(
        de="Die Quelle war nicht zu erreichen.",
        en="The source could not be reached.",
        ls="Die Quelle hat nicht geantwortet.",
    ),
    errors.SourceRefused.code: Text(
        de="Die Antwort der Quelle durfte nicht gelesen werden.",
        en="The answer of the source must not be read.",
        ls="Die Antwort von der Quelle ist nicht erlaubt.",
    ),
    errors.SourceBroken.code: Text(
        de="Die Antwort der Quelle war nicht zu lesen.",
        en="The answer of the source could not be read.",
        ls="Die Antwort von der Quelle ist kaputt.",
    ),
    errors.SourceChanged.code: Text(
        de="Die Quelle ist anders aufgebaut als zuvor.",
        en="The source is laid out differently than before.",
        ls="Die Quelle sieht jetzt anders aus.",
    ),
    errors.SourceShrunk.code: Text(
        de="Die Quelle lieferte viel weniger als erwartet.",
        en="The source delivered much less than expected.",
        ls="Von der Quelle kam zu wenig.",
    ),
    errors.SourceWaits.code: Text(
        de="Die Quelle hat noch nichts bereitgestellt.",
        en="The source has nothing ready yet.",
        ls="Die Quelle hat noch nichts Neues.",
    ),
    errors.SourceAhead.code: Text(
        de="Die Uhr der Quelle geht vor: Ihre Werte liegen in der Zukunft.",
        en="The clock of the source is ahead: its values lie in the future.",
        ls="Die Uhr von der Quelle geht falsch.",
    ),
    errors.NotCleared.code: Text(
        de="Der Herausgeber nennt keine Lizenz, die das Veröffentlichen erlaubt.",
        en="The publisher states no licence that allows publishing.",
        ls="Es ist nicht klar: Darf man diese Daten zeigen?",
    ),
    errors.TookTooLong.code: Text(
        de="Das Verarbeiten hat zu lange gedauert oder zu viel Speicher gebraucht.",
        en="Processing took too long or too much memory.",
        ls="Der Computer hat zu lange gebraucht.",
    ),
    errors.NothingDrawn.code: Text(
        de="In der Lieferung war nichts, was sich zeichnen lässt.",
        en="There was nothing in the delivery that can be drawn.",
        ls="In den Daten ist nichts zum Zeigen.",
    ),
}
"""Code of a fault → why. What has no sentence of its own is ours, as `reason` says."""


def reason(code: str | None) -> Text | None:
    """Return why an attempt failed; None if it did not."""
    return None if code is None else REASONS.get(code, _OURS)
