"""One surname by itself, behind a word for what people have or do: "BV Muster", "2. OG Huber", "laut Maier".

Only surnames of a list count, for places, firms and nouns stand behind the same words ("BV Nordring").
Those that are ordinary words, first names or poets as well (Koch, Jung, Schiller) are not in it. Misses: all
that the list does not have.
"""

import re
from collections.abc import Iterator

from ingest.personal.given import GIVEN, STREET
from ingest.personal.nouns import ORGANISATION

Span = tuple[int, int]

SURNAMES = frozenset(
    """
    Ackermann Albers Arslan Aydin Bachmann Baier Barth Bauer Baumann Baumgartner Bayerl Beck Becker
    Beckmann Beispiel Bender Bergmann Bernhardt Beyer Bischoff Brandl Brandt Bruckner Brunner
    Brückner Buchner Burger Busse Böhm Böhme Böttcher Büttner Demir Demirci Dietz Doğan Dürr Eberl
    Eberle Ebert Eckert Eder Eichner Eisele Ertl Esser Ettl Fichtner Fiedler Fischer Franke Friedl
    Fritsch Fröschl Gabler Gebhardt Geiger Geisler Gerlach Gerstner Giese Graßl Gruber Gutmann Götz
    Haas Haase Hagemann Hahn Hartl Hartmann Haslinger Hauser Heidenreich Heilmann Hein Heindl
    Heinemann Heinrichs Hempel Hennig Hentschel Herrmann Heß Hiller Hinz Hofbauer Hofer Hoffmann
    Hofmann Hofstetter Holzer Huber Huth Häusler Hübner Ivanov Jacobs Jansen Janssen Jovanović
    Kaltenbach Kaplan Kaya Keßler Kessler Kiefer Kirmeier Kirschner Klose Knoll Kolb Koller Kopp
    Kowalczyk Kowalski Kramer Kraus Krause Krauß Kreuzer Krieger Kruse Kröger Krüger Kunz Köhler
    Kühn Langer Lechner Lehmann Lehner Leitner Lindemann Lindner Lohmann Lutz Löffler Maier Mair
    Maurer Mayer Mayr Meier Meindl Meißner Menzel Meyer Miller Mohr Moser Muster Musterfrau
    Mustermann Möller Mühlbauer Müller Münch Naumann Neubauer Neumann Neumeier Nguyen Niedermayer
    Nikolić Noack Novak Nowak Obermaier Obermeier Ostermeier Pauli Petersen Petrović Pfeifer
    Pfeiffer Pfister Pichler Pohl Popović Popp Raab Reichel Reichert Reimann Reindl Reiser Renner
    Reuter Richter Riedel Riedl Rieger Roßmann Rothe Ruppert Röder Rösch Sahin Sauter Schaller
    Scheffler Schenk Scherer Schindler Schlegel Schmid Schmidbauer Schmidt Schmitt Schmitz Schneider
    Schober Scholz Schramm Schreiber Schröder Schröter Schubert Schuhmann Schulte Schultz Schulz
    Schulze Schumacher Schumann Schuster Schwab Schwaiger Schwarzmann Schäfer Seidel Seidl Seifert
    Seitz Sieber Siebert Sommerfeld Spindler Stadler Steffens Steger Steiner Steinmetz Stoll Straub
    Strobel Strobl Ströbel Stöckl Thiel Thiele Unger Vogl Vogt Voigt Voß Völkl Wagner Walther Weber
    Wegner Weidner Weigand Weigel Weigl Weiland Weinzierl Weis Wendl Wenzel Westermann Wiedemann
    Wiegand Wiesner Wimmer Wittig Wittmann Wolff Wunderlich Wörner Yildirim Yilmaz Yıldız Yılmaz
    Zapf Zeller Zellner Ziegler Zimmermann Zöller Çelik Özdemir Öztürk Şahin
    """.split()  # noqa: SIM905  nobody reads a list of 350 words
)
"""Surnames usual in Germany, and those of examples, without a claim to be complete."""

SURNAME = (rf"^(?:{'|'.join(sorted(map(str.lower, SURNAMES)))})$", r"(?!)")

_NAME = rf"(?:{'|'.join(sorted(SURNAMES))})"
_LARGE = "[A-ZÄÖÜ]"
_BEHIND = re.compile(
    r"(?<![\w-])(?:"
    # what somebody has built, moved or celebrated
    r"BV|Bauvorhaben|(?:[A-Z]\w{0,14})?[Aa]nschlu(?:ss|ß)|(?:Neu|Um|An)bau(?:\s(?:EFH|MFH|DHH|Einfamilienhaus|Wohnhaus|Garage|"
    r"Carport))?|EFH|DHH|Abbruch|Abriss|Dachsanierung|Gerüst|Kran|Container|Halte?verbot(?:szone)?(?:\sfür)?|Möbelwagen|"
    r"Umzugsgut|(?:Goldene\s)?Hochzeit|Taufe|Trauung|Beerdigung|Trauerfall|Trauerfeier|Nachlass|Einschulung|"
    # where somebody lives
    r"Whg\.?|Wohnung|WE|(?:Unter|Haupt|Nach|Vor)?[Mm]ieter(?:in)?|\d{1,2}\.\s?(?:OG|Stock|Etage)|DG|EG\s(?:links|rechts)|Klingelschild|"
    r"(?:Behinderten|Schwerbehinderten)(?:stell|park)platz|Stellplatz|Anwesen|Grundstück|Besuch\sbei|p\.\s?A(?:dr)?\.|"
    # who said it, and to whom
    r"lt\.|[Ll]aut|[Aa]bs(?:prache|timmung)\smit|[Aa]bgesprochen\smit|Rücksprache(?:\smit)?|Telefonat(?:\smit)?|Tel\.?\smit|"
    r"Info(?:\svon)?|Auskunft|Anruf|E-?Mail|Hinweis\svon|Meldung|[Gg]emeldet\s(?:von|durch)|Beschwerde|[Bb]earbeitet|"
    r"vermietet\san|verpachtet\san|vergeben\san|reserviert\sfür|Schlüssel(?:\sbei)?|Zugang\süber|[Zz]uständig(?:keit)?|Ansprechp\.|AP|ASt\.|Antr\.|"
    r"Eig(?:ent)?\.|Bes\.|Projektl\.|BL|PL|SB|HM|[Zz]ust\.|Bereitschaft|Notfallkontakt|Spende|"
    # what people are
    r"(?:Landwirt|Imker|Jäger|Jagdpächter|Förster|Nachbar|Fahrer|Unfallfahrer|(?:Unfall)?[Vv]erursacher|Täter|Betreuer|Trainer|Lehrer|Übungsleiter|Patient|"
    r"Rollstuhlfahrer|Rentner|Schüler|Hausmeister|Platzwart|Kassier|Schriftführer|Asylbewerber)(?:in)?|Bauer|Bäuerin|Opfer|Notar|Hausarzt|"
    r"Vormund|Oma|Opa|Sohn|Tochter|Hund\svon|Fl\.?-?Nr\.?|Az\.|RA(?:in)?|StB|Steuerberater(?:in)?|Fr|"
    r"(?:Hochzeits|Geburts)baum|Geburtstag(?:\svon)?|Hochzeitsfeier|(?-i:DE)\d\d(?:\s?\d{4}){4}\s?\d\d|[Ll]autend\sauf"
    r")(?:\s?(?:Nr\.?\s?)?\d[\d/]{0,6})?(?:\s(?:EG|UG|DG|links|rechts|vor\sOrt|im\s\d\.\s?OG))?(?:\s?[:=,(–-])?\s{0,2}"
    rf"(?P<name>(?:(?P<given>{_LARGE}\w{{1,30}})(?:-{_LARGE}\w{{1,30}})?\s|(?:{_LARGE}\.\s?){{1,2}})?{_NAME}(?:-{_LARGE}\w{{1,30}})?(?:\s?(?:[/&+]|und|u\.)\s?{_NAME})?)(?!\w|-\w|-\s(?:und|u\.|oder)|\s[&+])"
)
_AHEAD = re.compile(
    rf"(?<![\w-])(?P<name>{_NAME})(?=[,:(]?\s{{0,2}}\(?(?:(?:Tel|Mobil|Handy|Fon|geb)\b[.:]{{0,2}}\s?[\d(+]|"
    r"DW\s\d|☎|\*\s?\d|\+49|0\d{2,5}\s?[/ -]))"
)
_WORD_BEFORE = re.compile(rf"(?<!\w)({_LARGE}\w{{1,40}})[\s-]$")
_NEXT = re.compile(r"\s(?P<word>[\w.]{1,40})")
_TURNED = re.compile(
    rf"(?:(?<=[:;|/(])\s?|^)(?P<name>{_NAME},\s?(?P<given>{_LARGE}\w{{1,30}})(?:-{_LARGE}\w{{1,30}})?)(?!\w|-\w)"
)


def alone(text: str) -> Iterator[Span]:
    """Surnames behind such a word, and those that a register writes before a usual first name."""
    for match in _BEHIND.finditer(text):
        if match["given"] and match["given"] not in GIVEN:
            continue  # Bauvorhaben Autohaus Huber
        after = _NEXT.match(text, match.end())
        word = after["word"].rstrip(".") if after else ""
        last = match["name"].rpartition("-")[2]
        if (
            STREET.fullmatch(last)
            or STREET.fullmatch(word)
            or word == "Str"
            or (ORGANISATION.fullmatch(word) and word[:1].isupper())
        ):
            continue  # BV Müller GmbH, BV Müller-Straße, Anwesen Huber Straße
        yield match.span("name")
    for match in _AHEAD.finditer(text):
        before = _WORD_BEFORE.search(text[max(0, match.start() - 45) : match.start()])
        if before is None:
            yield match.span("name")
        elif before[1] in GIVEN:
            yield match.start() - len(before[0]), match.end("name")
    for match in _TURNED.finditer(text):
        if match["given"] in GIVEN:
            yield match.span("name")
