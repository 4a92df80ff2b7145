from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.german_days import weekdays
from ingest.german_times import GAP, TWICE, UNREAD, WHOLE, merged, validity

BERLIN = ZoneInfo("Europe/Berlin")
HEAD = "Die Baustelle ist zu folgenden Zeiträumen gültig:"


def utc(*args):
    return datetime(*args, tzinfo=BERLIN).astimezone(UTC)


def read(*lines):
    return validity(lines, BERLIN)


@pytest.mark.parametrize(
    "lines",
    [
        ["Beginn: 05.10.26 um 08:30 Uhr", "Ende: 07.10.26 um 17:00 Uhr"],
        ["Zeitraum dieser Bauphase:", "Beginn: 05.10.26 um 08:30 Uhr", "", "Ende: 07.10.26 um 17:00 Uhr"],
        ["Beginn: 05.10.2026 08:30\nEnde: 07.10.2026 17:00"],
        ["Ende: 7.10.2026 17.00 Uhr", "Beginn: 5.10.2026 8.30 Uhr"],
        [HEAD, "05.10.26 08:30 bis zum 07.10.26 17:00 Uhr.", "(Ende der Gesamtmaßnahme: 09.11.26)"],
        [f"{HEAD} 05.10.26 08:30 Uhr bis 07.10.26 17:00 Uhr"],
        ["vom 05.10.26 08:30 bis zum 07.10.26 17:00 Uhr", "Länge: 3.85 km | Max. 80 km/h"],
        ["05.10.26 08:30 - 06.10.26 24:00 Uhr", "07.10.26 von 00:00 bis 17:00 Uhr"],
    ],
)
def test_one_window_however_it_is_written(lines):
    found = read(*lines)
    assert found.windows == ((utc(2026, 10, 5, 8, 30), utc(2026, 10, 7, 17)),)
    assert (found.begin, found.end, found.notes) == (*found.windows[0], ())
    assert found.intervals == "2026-10-05T06:30:00Z/2026-10-07T15:00:00Z"


@pytest.mark.parametrize(
    ("line", "begin", "end"),
    [
        ("05.10.26 von 09:00 bis 15:00 Uhr", (5, 9), (5, 15)),
        ("Am 05.10.26 von 09:00 bis 15:00 Uhr.", (5, 9), (5, 15)),
        ("05.10.26 von 22:30 bis 05:00 Uhr", (5, 22, 30), (6, 5)),
        ("05.10.26 von 20:00 bis 00:00 Uhr", (5, 20), (6, 0)),
        ("05.10.26 von 20:00 bis 24:00 Uhr", (5, 20), (6, 0)),
        ("05.10.26 von 00:00 bis 00:00 Uhr", (5, 0), (6, 0)),
        ("gültig: 05.10.26 bis 09.10.26", (5, 0), (10, 0)),
    ],
)
def test_hours_of_a_day_and_whole_days(line, begin, end):
    assert read(line).windows == ((utc(2026, 10, *begin), utc(2026, 10, *end)),)


def test_every_wednesday_but_one():
    found = read(
        "Jeden Mittwoch zwischen dem 05.10.26 und dem 25.10.26 von 21:00 bis 05:00 Uhr.",
        "15.10.26 von 00:00 bis 05:00 Uhr",
        "Die Baustelle gilt nicht an folgenden Tagen:",
        "14.10.26, 14.10.26, 15.10.26",
        "A99: München-Süd -> München-Nord",
    )
    # What is stated by itself survives the exception: 15 October follows the night that was called off.
    assert [(a.astimezone(BERLIN).day, a.astimezone(BERLIN).hour) for a, _ in found.windows] == [
        (7, 21),
        (15, 0),
        (21, 21),
    ]


def test_a_long_window_without_some_days():
    found = read(
        "Beginn: 20.12.26 um 12:00 Uhr",
        "Ende: 10.01.27 um 12:00 Uhr",
        "Die Baustelle gilt nicht an folgenden Tagen: 24.12.26 bis 26.12.26, 01.01.27",
    )
    assert found.windows == (
        (utc(2026, 12, 20, 12), utc(2026, 12, 24)),
        (utc(2026, 12, 27), utc(2027, 1, 1)),
        (utc(2027, 1, 2), utc(2027, 1, 10, 12)),
    )


def test_windows_stated_one_by_one_count_within_a_phase():
    found = read(
        "Beginn: 05.10.26 um 00:00 Uhr", "Ende: 09.10.26 um 00:00 Uhr", "06.10.26 von 09:00 bis 15:00 Uhr"
    )
    assert found.windows == ((utc(2026, 10, 6, 9), utc(2026, 10, 6, 15)),)
    assert (found.begin, found.end) == found.windows[0]


def test_a_window_behind_the_days_left_out_is_none_of_them():
    found = read(
        "Die Baustelle gilt nicht an folgenden Tagen:",
        "06.10.26, 06.10.26;",
        "08.10.26 - 09.10.26",
        "07.10.26 von 00:00 bis 05:00 Uhr",
        "Jeden Tag zwischen dem 06.10.26 und dem 09.10.26 von 20:00 bis 24:00 Uhr",
    )
    assert [a.astimezone(BERLIN).hour for a, _ in found.windows] == [0, 20]
    for rest in ("06.10.26 von 3 bis 4", "Feiertage", "\nA99: München-Süd", ""):
        assert read(f"Die Baustelle gilt nicht an folgenden Tagen: {rest}").notes == (UNREAD,)


def test_an_open_end_and_that_of_the_whole_measure():
    warning = read("Beginn: 02.10.26 um 12:01 Uhr")
    assert (warning.begin, warning.end, warning.intervals) == (utc(2026, 10, 2, 12, 1), None, None)
    whole = read("Beginn: 02.10.26 um 12:01 Uhr", "(Ende der Gesamtmaßnahme: 09.11.26)")
    assert (whole.end, whole.notes) == (utc(2026, 11, 10), (WHOLE,))
    assert read("(Ende der Gesamtmaßnahme: 09.11.26)").end == utc(2026, 11, 10)
    assert read("Ende: 09.11.26 um 24:00 Uhr").end == utc(2026, 11, 10)
    assert read("Sperrung wegen Bauarbeiten", "Vollsperrung vom 17.07.2021 - 15.09.2021.").notes == ()


def test_clock_changes():
    gap = read("29.03.26 02:30 bis zum 29.03.26 05:00 Uhr")
    assert gap.windows == ((datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC)),)
    assert gap.notes == (GAP,)
    twice = read("25.10.26 02:30 bis zum 25.10.26 02:45 Uhr")
    assert twice.windows[0][1] - twice.windows[0][0] == timedelta(hours=1, minutes=15)
    assert twice.notes == (TWICE,)
    night = read("24.10.26 von 22:00 bis 05:00 Uhr").windows[0]
    assert night[1] - night[0] == timedelta(hours=8)


@pytest.mark.parametrize(
    "line",
    [
        "Jeden Mittwoch ab dem 07.10.26",
        "Jeden Vollmond zwischen dem 05.10.26 und dem 18.10.26 von 09:00 bis 15:00 Uhr",
        "Jeden Tag zwischen dem 05.10.26 und dem 18.10.99 von 09:00 bis 15:00 Uhr",
        "Ende: 31.02.27 um 12:00 Uhr",
        "Ende: offen",
        "05.10.26 von 25:00 bis 26:00 Uhr",
        "05.10.26 24:01 bis zum 06.10.26 05:00 Uhr",
        "06.10.26 05:00 bis zum 05.10.26 20:00 Uhr",
        "05.10.26 von abends bis morgens",
    ],
)
def test_what_cannot_be_read_leaves_the_end_open_and_is_told(line):
    found = read("05.10.26 von 09:00 bis 15:00 Uhr", line)
    assert found.notes == (UNREAD,)
    assert (found.begin, found.end, found.intervals) == (utc(2026, 10, 5, 9), None, None)
    assert "10" not in "".join(found.notes)


def test_an_end_before_its_beginning_is_not_believed():
    assert read("Beginn: 05.10.26 um 08:00 Uhr", "Ende: 04.10.26 um 08:00 Uhr").notes == (UNREAD,)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Tag", {0, 1, 2, 3, 4, 5, 6}),
        ("Montag, Dienstag und Donnerstag", {0, 1, 3}),
        ("Montag bis Freitag", {0, 1, 2, 3, 4}),
        ("Fr-Mo", {4, 5, 6, 0}),
        ("Mo., Mi. und So.", {0, 2, 6}),
        ("Werktag", {0, 1, 2, 3, 4, 5}),
        ("Sonnabend sowie Sonntag", {5, 6}),
        ("zweiten Dienstag", None),
        ("Montag bis Tag", None),
        ("", None),
    ],
)
def test_weekdays(words, days):
    assert weekdays(words) == days


times = st.integers(0, 24 * 60 - 1)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


def at(day, minutes, fold):
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return local.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@given(st.lists(st.tuples(days, times, days, times), max_size=6), st.sampled_from(["%d.%m.%y", "%d.%m.%Y"]))
def test_every_span_comes_back(spans, form):
    spans = [s for s in spans if (s[0], s[1]) < (s[2], s[3])]
    lines = [
        f"{a.strftime(form)} {clock(b)} bis zum {c.strftime(form)} {clock(d)} Uhr." for a, b, c, d in spans
    ]
    found = read(HEAD, *lines, "(Ende der Gesamtmaßnahme: 31.12.99)" if spans else "")
    assert found.windows == merged([(at(a, b, 0), at(c, d, 1)) for a, b, c, d in spans])
    assert UNREAD not in found.notes


@given(
    days, st.integers(0, 60), st.sets(st.integers(0, 6), min_size=1), times, times, st.sets(days, max_size=5)
)
def test_every_weekday_comes_back(first, count, wanted, begin, end, without):
    names = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    last = first + timedelta(days=count)
    lines = [
        f"Jeden {' und '.join(names[n] for n in sorted(wanted))} zwischen dem {first:%d.%m.%y} "
        f"und dem {last:%d.%m.%y} von {clock(begin)} bis {clock(end)} Uhr."
    ]
    if without:
        lines += ["Die Baustelle gilt nicht an folgenden Tagen:", ", ".join(f"{d:%d.%m.%y}" for d in without)]
    longer = end + (24 * 60 if end <= begin else 0)
    meant = [first + timedelta(days=n) for n in range(count + 1)]
    meant = [d for d in meant if d.weekday() in wanted and d not in without]
    assert read(*lines).windows == merged([(at(d, begin, 0), at(d, longer, 1)) for d in meant])


words = st.sampled_from(
    [
        "Beginn:",
        "Ende:",
        "Jeden",
        "Tag",
        "Mo",
        "zwischen dem",
        "und dem",
        "05.10.26",
        "31.02.26",
        "99.99.9999",
        "um",
        "von",
        "bis",
        "bis zum",
        "08:30",
        "24:00",
        "99:99",
        "Uhr",
        "Uhr.",
        "\n",
        "(Ende der",
        "-",
        "Gesamtmaßnahme:",
        "Die Baustelle gilt nicht an folgenden Tagen:",
        "0.0.00",
        "gültig:",
        "Länge: 3.85 km",
        "²",
        ",",
    ]
)


@given(st.lists(st.one_of(words, st.text(max_size=5)), max_size=25), st.lists(words, max_size=25))
def test_no_text_breaks_it_and_windows_are_always_in_order(first, second):
    found = read(" ".join(first), " ".join(second))
    flat = [instant for window in found.windows for instant in window]
    assert flat == sorted(set(flat))
    assert all(instant.tzinfo is UTC for instant in flat)
    if flat:
        assert (found.begin, found.end) == (flat[0], flat[-1])


def test_hostile_lengths_are_read_in_no_time():
    text = "Jeden " + "Montag und " * 50_000 + "zwischen dem 05.10.26"
    assert read(text, "05.10.26 " + " " * 100_000 + "von", "9" * 100_000).end is None
    many = ["Jeden Tag zwischen dem 01.01.26 und dem 31.12.30 von 09:00 bis 15:00 Uhr."] * 500
    assert read(*many).notes == (UNREAD,)
