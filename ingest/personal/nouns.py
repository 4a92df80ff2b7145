"""Words that German writes large where a name could stand, and that name nobody."""

import re

ORGANISATION = re.compile(
    r"(?i)\b(?:\w*(?:referate?s?|amt(?:es)?|ämter|werke?n?|verwaltung|behörde|betrieb[es]?|gesellschaft|verband|abteilung|"
    r"leitstelle|meisterei|wirtschaft|aufsicht|planung|vermessung|information|wärme|zentrale|sparkasse|kasse|bank|fest|zentrum|büro|hotline|netze?|dienste?|service|firma|entwässerung|reinigung|post|schule|"
    r"kirche|verein|partei|polizei|feuerwehr|ministerium|direktion|sachgebiet|dezernat|team|gruppe|stelle|auskunft|"
    r"anlage|straße|strasse|platz|weg|gasse|allee|seite|homepage|formular|portal|telefon|bau)|gmbh|mbh|ag|kg|kgaa|"
    r"telekom|vodafone|deutsche[rsn]?|tüv|dekra|rotary|lions|rathaus|evang|kath|caritas|diakonie|tafel|brauerei|\w*zone|wohnung|"
    r"stand|verkehr|lieferverkehr|rauchmelder|ohg|gbr|eg|ug|se|inc|ltd|e\.?\s?v|stadt|stadt(?:rat|werke?|teil|bezirk)\w*|gemeinde\w*|markt|kommune|land(?:kreis|ratsamt)?|"
    r"landeshauptstadt|freistaat|bund|regierung\w*|universität\w*|hochschule|institut\w*|bundes\w*|landes\w*|bezirks\w*|"
    r"bau(?:firma|hof|stellen?\w*|unternehm\w*|gesellschaft|ordnung\w*|recht\w*|arbeiten|beginn|ende|zeit|zaun|container|"
    r"träger\w*|maßnahmen?|leitung|büro)|verkehrs\w*|mobilität\w*|umwelt\w*|tiefbau\w*|garten(?:bau)?|straßen\w*|wasser\w*|energie\w*|"
    r"internet|online|website|web|uhr|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|"
    r"mo|di|mi|do|fr|sa|so|"
    r"bürger\w*|anlieger\w*|anwohner\w*|nutzer\w*|presse\w*|info\w*|kunden\w*|öffentlich\w*|privat\w*|unbekannt|siehe|"
    r"nur|frei|bitte|keine?r?|nach|ab|am|an|im|in|zum|zur|bei|vor|über|unter|per|via|(?-i:Das|Die|Der|Den|Ein\w*)|und|wird|"
    r"bahn|(?:u|s|stadt|straßen|eisen|auto|bundes)-?bahn|maibaum|parken|parkplatz|parkausweis|stellplatz|fahrzeuge?|zufahrt|zugang|sperrung|gehweg|radweg|fahrbahn|bäume|"
    r"station|datei|feld|spalte|layer|data|feed|email|phone|us|the|for|and|to|of|department|city|office|agency|council|company|group|road|street)\b"
)
"""A contact word is often followed by an office or an ordinary noun (German writes them large)."""
MOVED = re.compile(
    r"(?i)(?:.*(?:ung|heit|keit|schaft|tion|tät|ment|fest|zug|tag|markt|kita|krippe|hort|kindergarten|praxis|archiv|"
    r"thek|bücherei|museum|theater|oper|laden|läden|geschäft|filiale|hotel|hostel|gilde|garde|klassen?|lager|labor|"
    r"kanzlei|heim|viertel|zeit|klinik|ambulanz|kantine|mensa|hof|saal|halle|räume|zimmer|möbel|geräte|maschine|"
    r"akten|daten|server|musik|kapelle|chor|zunft|könige?|sitz|standort|gebäude|haus|häuser|etage|stock|zone|fläche|wagen|"
    r"woche|abend|morgen|nacht|hausen|kirchen|dorf|stadt|burg|firmen|betriebe|personen|familien|studenten|mieter|"
    r"transport|logistik|service|hilfe|helfer|lift)s?|"
    r"fasching|karneval|fasnacht|fasnet|advent|ostern|pfingsten|weihnacht\w*|nikolaus|martini?|halloween|corso|"
    r"kirchweih|dult|wiesn|umzüge|tracht\w*|schützen\w*|vereine?n?|kinder\w*|lkw|pkw|möbelwagen|umzugs\w*|"
    r"heiligen?|drei\w*|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|herbst|"
    r"frühling|sommer|winter|nord|süd|ost|west|mitte|alte?r?|neue?r?)"
)
"""Ordinary nouns that move, or that a procession is of; any other noun, and a place, is taken for a name."""
