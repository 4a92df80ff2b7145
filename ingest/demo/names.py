"""Names in the made-up city: pigments, woods and instruments, so that nobody takes them for real places."""

from random import Random

LOCALITY = "Demostadt"
MUNICIPALITY_KEY = "09999999"
"""A key no municipality has."""

# fmt: off
_WORDS = (
    "Kobalt", "Zinnober", "Ocker", "Siena", "Umbra", "Indigo", "Krapp", "Azurit", "Malachit",
    "Purpur", "Safran", "Mennige", "Karmin", "Bister", "Sepia", "Lapis", "Rötel", "Graphit",
    "Kreide", "Firnis", "Leinöl", "Harz", "Gummi", "Kasein", "Tempera", "Aquarell", "Fresko",
    "Mosaik", "Email", "Glasur", "Oboen", "Fagott", "Bratschen", "Lauten", "Zither", "Harfen",
    "Celesta", "Posaunen", "Flöten", "Cembalo", "Trommel", "Triangel", "Gamben", "Horn", "Eschen",
    "Ulmen", "Erlen", "Weiden", "Linden", "Ahorn", "Hainbuchen", "Speierling", "Mehlbeer",
    "Elsbeer", "Quitten", "Mispel", "Schlehen", "Holunder", "Hasel", "Wacholder", "Eiben",
    "Lärchen", "Zirben", "Walnuss", "Maulbeer", "Robinien", "Pappel", "Kirsch", "Kornel",
    "Sanddorn", "Eisvogel", "Zeisig", "Stieglitz", "Girlitz", "Pirol", "Wiedehopf", "Rotkehl",
    "Zaunkönig", "Mauersegler", "Dohlen", "Elstern", "Kleiber", "Basalt", "Granit", "Gneis",
    "Schiefer", "Marmor", "Tuff", "Nagelfluh", "Travertin", "Kalk", "Quarz", "Glimmer", "Feldspat",
    "Topas", "Achat", "Beryll", "Jaspis", "Onyx", "Opal", "Granat", "Bernstein", "Turmalin",
    "Zirkon", "Rauchquarz", "Rosenquarz", "Flussspat", "Pyrit", "Bleiglanz",
)
# fmt: on
_SUFFIXES = ("straße", "straße", "straße", "straße", "weg", "gasse")

BOULEVARD = "Zwillingsallee"
AVENUE = "Spiegelstraße"
RING = "Modellring"
DIAGONAL = "Entwurfstraße"
RADIAL = "Maßstabstraße"
PARK_STREET = "Am Skizzenpark"
BANK = "Terrassenstraße"
PATH = "Skizzenweg"
RIVER = "Demo-Ache"
POND = "Skizzenweiher"
PARK = "Skizzenpark"
MEADOWS = "Achauen"

DISTRICTS = (
    ("01", "Lindenviertel"),
    ("02", "Farbenviertel"),
    ("03", "Klangviertel"),
    ("04", "Steinviertel"),
    ("05", "Achauen"),
)


class StreetNames:
    """Gives every street another name, again the same for the same seed."""

    def __init__(self, rng: Random) -> None:
        words = list(_WORDS)
        rng.shuffle(words)
        self._names = [(word, rng.choice(_SUFFIXES)) for word in words]
        self._next = 0

    def take(self) -> str:
        """Return the next name; when the words run out, the streets become lanes of the first ones."""
        lap, index = divmod(self._next, len(self._names))
        self._next += 1
        word, suffix = self._names[index]
        return word + suffix if lap == 0 else f"{('Obere', 'Untere', 'Neue')[(lap - 1) % 3]} {word}{suffix}"
