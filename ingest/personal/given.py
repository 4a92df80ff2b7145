"""Names of people without a title: a usual first name and another name, beside what is said of people alone.

A first name by itself tells nothing (streets, schools and museums have them), nor do two names with nothing
beside them. Misses: first names that are not in the list, names in small letters, and
names that end like a street's ("Max Ring").
"""

import re
from collections.abc import Iterator

from ingest.personal.nouns import ORGANISATION

Span = tuple[int, int]

GIVEN = frozenset(
    """
    Achim Adam Adem Adrian Agnes Ahmed Ahmet Albert Albrecht Alex Alexander Alexandra Alfons Alfred Ali
    Alina Alois Amelie Amina Ana Anastasia Andrea Andreas Andrzej André Angela Angelika Anita Anja Anke Ann
    Anna Anne Annegret Anneliese Annemarie Annette Anni Anton Antonia Antonio Armin Arthur Astrid August
    Axel Aylin Ayşe Barbara Bastian Beate Ben Benedikt Benjamin Bernd Bernhard Berta Bianca Birgit Björn
    Brigitte Bruno Burkhard Can Carl Carla Carmen Carolin Caroline Carsten Caterina Charlotte Christa
    Christel Christian Christiane Christina Christine Christoph Clara Claudia Claus Clemens Cornelia Dagmar
    Daniel Daniela David Dennis Detlef Diana Dieter Dietmar Dirk Dominik Doris Dorothea Eberhard Eckhard
    Edeltraud Edgar Edith Eduard Elena Elfriede Elias Elif Elisabeth Elke Ella Elvira Emil Emilia Emine Emir
    Emma Erhard Erich Erik Erika Ernst Erwin Esra Eva Evelyn Fabian Fatih Fatima Fatma Felix Ferdinand Finn
    Florian Frank Franz Franziska Fred Frieda Friedrich Fritz Gabi Gabriele Georg Gerald Gerd Gerda Gerhard
    Gertrud Gisela Gottfried Gregor Greta Gudrun Guido Gustav Günter Günther Hakan Hanna Hannah Hannelore
    Hannes Hans Harald Hartmut Hasan Hatice Heike Heiko Heinrich Heinz Helene Helga Helmut Henri Henry
    Herbert Hermann Herta Hilde Hildegard Holger Horst Hubert Hüseyin Ibrahim Ida Igor Ilona Ilse Ines Inge
    Ingeborg Ingo Ingrid Irene Irina Iris Irmgard Isabel Isabella Ivan Jakob Jan Jana Janina Jannik Jasmin
    Jean Jens Jessica Joachim Jochen Johann Johanna Johannes John Jonas Jonathan Josef Josefine Joseph Juan
    Judith Julia Julian Jutta Jörg Jürgen Kai Karin Karl Karla Karlheinz Karolin Karsten Katarzyna Katharina
    Kathrin Katja Katrin Kerstin Kevin Kim Klara Klaus Konrad Korbinian Kristin Kristina Kurt Lara Larissa
    Lars Laura Lea Lena Leni Leo Leon Leonard Leonie Lieselotte Lina Linda Linus Lisa Lorenz Lothar Louis
    Louisa Luca Lucas Lucia Ludwig Luis Luisa Lukas Lydia Magdalena Maik Maja Malte Manfred Manuel Manuela
    Marcel Marco Marcus Margarete Margit Margot Maria Marianne Marie Marina Mario Marion Mark Markus Marlene
    Marta Martha Martin Martina Marvin Mathilde Matteo Matthias Max Maximilian Mehmet Melanie Mia Michael
    Michaela Michal Mila Milan Miriam Mohamed Mohammed Monika Moritz Murat Mustafa Nadine Nadja Natalia
    Natalie Nico Nicolai Nicole Niklas Nikolaus Nils Nina Noah Nora Norbert Nuri Olaf Ole Oleg Olga Oliver
    Oskar Osman Otto Pascal Patricia Patrick Paul Paula Pauline Peter Petra Philipp Pia Piotr Quirin Rainer
    Ralf Ralph Ramona Raphael Rebecca Regina Reiner Reinhard Reinhold Renate René Ricarda Richard Rita
    Robert Roland Rolf Roman Ronald Rosa Rosemarie Rosi Rosina Rudi Rudolf Ruth Rüdiger Sabine Sabrina
    Samuel Sandra Sara Sarah Sascha Sebastian Selina Sepp Sevgi Siegfried Sigrid Silke Silvia Simon Simone
    Sofia Sofie Sonja Sophia Sophie Stefan Stefanie Steffen Stephan Stephanie Susanne Susi Sven Svenja
    Svetlana Sylvia Tanja Tatjana Theodor Theresa Therese Thomas Thorsten Tim Timo Tina Tobias Tom Toni
    Torsten Traudl Udo Ulf Ulrich Ulrike Ursula Uta Ute Uwe Valentin Vanessa Vera Verena Veronika Viktor
    Viktoria Vincent Vinzenz Volker Walter Waltraud Werner Wilfried Wilhelm Willi Wolfgang Xaver Yannick
    Yasemin Yusuf Yvonne Zeynep Ömer Özlem
    """.split()  # noqa: SIM905  nobody reads a list of 500 words
)
"""First names usual in Germany, without a claim to be complete."""

BESIDE = (
    r"^tel|fon$|mobil|handy|^fax$|^ruf|mail|leiter|polier|eigent|besitzer|mieter|pächter|inhaber|halter|anwohner|anlieger|"
    r"antragsteller|^geb|wohnt|wohnhaft|anwesen|stellplatz|parkplatz|rentner|schüler|fahrer|^opfer|verletzt|verstorben|"
    r"beschwer|amt$|bauhof|witwe|gärtner|kontroll|wasser|bauaufs|nutzer|betreiber|auftrag|anschlu(?:ss|ß)$|vorhaben|^bv$|bau$|^efh$|^mfh$|^dhh$|abbruch|abriss|sanierung|fassade|gerüst|"
    r"^kran$|container|verbot|anlieferung|trauerfeier|beerdigung|hochzeit|polterabend|^patient|^kind$|^lehrer|^erzieher|hebamme|"
    r"^wenden$|^melden$|einfamilienhaus|wohnhaus|garage|carport|^infos?$|^gruß|^[lv]g$|^antrag",
    r"@|☎|📞|(?<![\w.,/+-])(?:\+|0|\(0)",
)

_LARGE = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĘĚĞĢĪİĶŁŃŇÓÖŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
_WORD = rf"{_LARGE}[\w’']{{1,40}}(?:[-–]{_LARGE}[\w’']{{1,40}}){{0,2}}"
_PAIR = (
    rf"{_WORD},?\s{{1,2}}(?:{_LARGE}\.\s?){{0,2}}(?:(?:von|van|zu|de|der|el|al)\s){{0,2}}{_WORD}"
    rf"(?:\s{{1,2}}{_WORD})?"
)
_ROLE = (
    r"(?:(?:Ober)?[Bb]auleiter|Projektleiter|Polier|Eigentümer|Besitzer|Mieter|Pächter|Inhaber|Halter|Anwohner|Anlieger|"
    r"Antragsteller|Vorarbeiter|Hausmeister|Sachbearbeiter|Ansprechpartner)"
)
_AFTER = re.compile(
    rf"(?<![\w-])(?P<pair>{_PAIR})(?=\s?[,;:|/(–-]?\s{{0,2}}(?:"
    r"(?:Tel|Telefon|Mobil|Handy|Fon|Fax|Ruf|E-?Mail|Mail)\b|[☎📞]|[\w.+-]{2,40}@\w|"
    r"(?:\+49|0049)|\(?0\d{2,5}\)?\s?[/ -]?\s?\d{3}|"
    r"geb(?:\.|oren)\s(?:am\s)?\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d|"
    r"beschwert\ssich|wohnt\s)"
    rf"|,?\s?\(?{_ROLE}(?:in)?\b)"
)
_BEFORE = re.compile(
    r"(?<![\w-])(?:wohnt|wohnhaft:?|Anwesen|(?:Behinderten)?(?:[Ss]tell|[Pp]ark)platz\sfür|Rentner(?:in)?|Schüler(?:in)?|"
    r"(?:\w{0,12}[Aa]nschlu(?:ss|ß)|Bauvorhaben|BV|(?:Neu|Um|An)bau(?:\s(?:EFH|MFH|DHH|Einfamilienhaus|Wohnhaus|Garage|Carport))?|"
    r"Abbruch|Abriss|Dachsanierung|Fassade|Gerüst|Kran|Container|Halte?verbot(?:szone)?(?:\sfür)?|Möbelanlieferung|Trauerfeier|"
    r"Beerdigung|Hochzeit|Polterabend|Patient(?:in)?|Kind|Lehrer(?:in)?|Erzieher(?:in)?|Hebamme|[Vv]erstorben|"
    rf"(?:[Aa]n|[Bb]ei)(?=\s{_PAIR}\s(?:wenden|melden)))|"
    r"Fahrer(?:in)?|(?:Unfall)?[Oo]pfer|Verletzter?|Verstorbener?|Witwe[rn]?|Gärtner(?:in)?|Kontrolleur(?:in)?|Wasserwart|"
    r"Wassermeister|Bauaufsicht|Nutzer(?:in)?|Betreiber(?:in)?|im\sAuftrag|Infos?(?:\sbei)?|Gruß|LG|VG|Beschwerde|Antrag|"
    r"\w{0,20}amt,?|Bauhof,?)[:\s]\s{0,2}"
    rf"(?P<pair>{_PAIR})(?!\w)"
)
_BORN = re.compile(
    rf"(?<!\w)geb(?:\.|oren)\s(?:am\s)?\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:19|20)?\d\d,?\s(?P<pair>{_PAIR})(?!\w)"
)
STREET = re.compile(
    r"(?i)\w*(?:stra(?:ß|ss)en?|str|platz|weg|allee|gasse|ring|ufer|brücke|damm|hof|park|schule|haus|steig|anger|"
    r"garten|halle|saal|stiftung|gymnasium|kirche|kapelle|stadion|denkmal|brunnen|klinik|museum|theater|heim|zentrum|hospital|stift|institut|"
    r"bad|kita|kindergarten|stube|saal|festspiele|tage|preis|insel|viertel|quartier|areal|carré|galerie)"
)
_HOUSE = re.compile(
    r"(?i)(?:gasthof|gasthaus|hotel|pension|café|pfarrei|kirche|kapelle|kita|kindergarten|hort|haus|schule|sankt|st|"
    r"platz|straße|museum|halle|firma|fa|praxis|apotheke|bäckerei|metzgerei|brauerei|stiftung|denkmal|skulptur|büste)"
)


def beside(text: str) -> Iterator[Span]:
    """Names before a number to call, a role or a date of birth, and after words for where somebody lives."""
    for pattern in (_AFTER, _BEFORE, _BORN):
        at = 0
        while match := pattern.search(text, at):
            at = match.end()
            span = _person(match["pair"])
            if span:
                yield match.start("pair") + span[0], match.start("pair") + span[1]


def _person(pair: str) -> Span | None:
    """Where in two or three names a person's lie; None where no first name is usual, or a house has them."""
    words = list(re.finditer(rf"{_WORD}", pair))
    places = [at for at, word in enumerate(words) if re.split("[-–]", word[0])[0] in GIVEN]
    if not places:
        return None
    first = places[0] if places[0] < len(words) - 1 else places[0] - 1
    before = words[first - 1][0] if first else ""
    if _HOUSE.fullmatch(before) or ORGANISATION.search(words[first][0]):
        return None
    if "-" in words[first][0] and STREET.fullmatch(words[first][0].rpartition("-")[2]):
        return None  # Max-Reger-Straße Gehweg
    if any(
        STREET.fullmatch(word[0].rpartition("-")[2]) or ORGANISATION.search(word[0])
        for word in words[first + 1 :]
    ):
        return None
    return words[first].start(), words[-1].end()
