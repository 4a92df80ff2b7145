"""Fields whose name says that they tell of somebody."""

import pytest

from twin.telling import telling

TELLING = [
    (
        "contact",
        "kontakt_oeffentlich Kontakt contact:phone feed_info.contact_email contactPerson Ansprechpartner",
    ),
    ("contact", "ansprechpartner_bau E-Mail email Telefon_1 tel phone2 Fax Handynr. mobile Contact-Name"),
    (
        "person",
        "maintainer maintainer_email author Eigentümer Eigentuemer EIGENTÜMER sponsor Baumpate Vorname owner",
    ),
    ("person", "grundstueckseigentuemer Bauleiter Sachbearbeiterin spender klingel Antragsteller halter"),
    ("contact", "Telefon_privat Mobiltelefon Tel_Bauleitung Rufnummer eMail_privat contact_person_phone"),
    ("person", "created_by lastModifiedBy erfasst_von bearbeitet_von geändert_von Editor creator Erfasser"),
    ("person", "Bauherr Bauleitung Schulleiter Pächterin Vorarbeiter eigentümer_adresse Name_Antragsteller"),
    ("person", "Geburtsjahr Personalnummer Anrede verantwortliche_person Vorname_Nachname"),
    ("person", "Baumkontrolleur Gutachterin Zeuge Fahrername Geschädigter Meldender Ersteller Hundehalter"),
    ("person", "GebDat Geb_Datum DOB Ausweisnummer SVNr PersNr Hausmeister Anlieger_Name last_editor"),
    ("contact", "Ansprechp. Notfallkontakt Fernsprecher"),
    ("vehicle", "AmtlKz Kfz_Kz Nummernschild FIN"),
    ("bank account", "Kto Kto-Nr."),
    ("user", "LoginName"),
    ("user", "created_user last_edited_user"),
    ("vehicle", "amtl_kennzeichen Kfz-Kennz."),
    ("bank account", "Kontoinhaber"),
    ("user", "user uid osm_user user_id changeset Nutzer-ID kundennummer username"),
    (
        "vehicle",
        "bike_id vehicle_id bike.number Kennzeichen license_plate licencePlate vin fahrgestellnr radname",
    ),
    ("device", "device_id mac MAC-Adresse imei ip_address client_id serial"),
    ("bank account", "IBAN konto_nr bic"),
]
SILENT = (
    "name station_id id uuid operator publisher sensor car_park radweg capacity hotel ownership carport "
    "finish plates strasse_hausnr betroffene_bereiche fachliche_id weitere_info art zaehlstelle "
    "richtung_1 gml_id oid ags stop_id trip_id route_id agency_name num_bikes_available vehicle_type_id "
    "vehicle_impact road_names network_name telemetry automat autobahn kontaktlos emaille faxe radnetz "
    "patrouille station telefonzelle telefonsäule leitung leitungsart bearbeitung bearbeitungsstand "
    "created_at last_edited_date updated erstellt_am geburten personal personen steuer namen "
    "bauherstellung name2 anlieger fahrerlaubnis kontrolle kontrolldatum finanzierung ansprechstelle "
    "parkausweiszone bewohnerparken gebaeude fahrerzahl "
)


@pytest.mark.parametrize(("kind", "names"), TELLING)
def test_telling_names(kind: str, names: str) -> None:
    assert {name: telling(name) for name in names.split()} == {name: kind for name in names.split()}


@pytest.mark.parametrize("name", SILENT.split())
def test_names_that_tell_nothing(name: str) -> None:
    assert telling(name) is None
