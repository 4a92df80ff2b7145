"""Everything that nobody should send, by place; and one who sends it byte for byte, without any manners."""

import asyncio
import json
import time
from urllib.parse import quote, unquote

DEEP = 10_000
LONG = "x" * 100_000
WORDS = {
    "empty": "",
    "blank": "%20",
    "word": "wibble",
    "long": LONG,
    "long number": "9" * 5000,
    "beyond all numbers": "1e400",
    "large number": "1" + "0" * 30,
    "not a number": "NaN",
    "negative": "-1",
    "point": "0.5",
    "Arabic digits": "%D9%A1%D9%A2",
    "underscore in digits": "1_0",
    "right to left": "%E2%80%AE%D7%A9%D7%9C%D7%95%D7%9D",
    "emoji": "%F0%9F%91%A9%E2%80%8D%F0%9F%9A%92",
    "lone surrogate": "%ED%A0%80",
    "overlong": "%C0%AF%C0%AE",
    "no UTF-8": "%FF%FE",
    "NUL": "a%00b",
    "half an escape": "%2",
    "line breaks": "a%0D%0AX-Evil:%201",
    "SQL": "'%20OR%201=1;%20DROP%20TABLE%20features;--",
    "script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "template": "%7B%7B7*7%7D%7D$%7Bjndi:ldap://x%7D",
    "climbing": "../../../../etc/passwd",
    "brackets": "(" * 2000,
    "brackets of JSON": "[" * DEEP,
    "objects of JSON": quote('{"op":"not","args":[' * 200),
    "commas": "," * 5000,
    "percents": "%25" * 2000,
    "slashes": "/" * 2000,
    "quotes": "'" * 2001,
    "backslash": "%5C..%5C..%5Cwindows",
}
"""Name → what any parameter may be given, escaped as it travels."""


def deep(before, after, middle, times=DEEP):
    return quote(before * times + middle + after * times)


FILTERS = {
    "deep": deep("(", ")", "height_m > 1"),
    "deep NOT": deep("NOT (", ")", "height_m > 1", 1000),
    "many ORs": quote(" OR ".join(["height_m > 1"] * 900)),
    "self-crossing": quote("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))"),
    "no ring": quote("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))"),
    "over the antimeridian": quote("S_INTERSECTS(geometry, BBOX(170, 48, -170, 49))"),
    "far out": quote("S_INTERSECTS(geometry, POINT(1e300 -1e300))"),
    "infinite": quote("S_INTERSECTS(geometry, POINT(1e400 0))"),
    "six dimensions": quote("S_INTERSECTS(geometry, POINT(1 2 3 4 5 6))"),
    "nested collections": deep("GEOMETRYCOLLECTION(", ")", "POINT(1 1)", 300),
    "bomb of a pattern": quote("id LIKE '" + "%a" * 1500 + "'"),
    "percents as pattern": quote("id LIKE '" + "%" * 3000 + "b'"),
    "underscores as pattern": quote("id LIKE '" + "_%" * 1500 + "'"),
    "escaped end": quote("id LIKE 'a\\"),
    "large power": quote("height_m ^ 1e308 ^ 1e308 > 1"),
    "division by nothing": quote("height_m / 0 > 1 OR height_m % 0 = 1 OR height_m DIV 0 = 1"),
    "large number": quote("height_m > " + "9" * 400),
    "unknown property": quote("geom_secret = 1"),
    "year nought": quote("T_AFTER(observed_at, DATE('0000-01-01'))"),
    "year ten thousand": quote("T_AFTER(observed_at, TIMESTAMP('10000-01-01T00:00:00Z'))"),
    "leap second": quote("T_AFTER(observed_at, TIMESTAMP('2016-12-31T23:59:60Z'))"),
    "reversed": quote("T_DURING(observed_at, INTERVAL('2026-03-02', '2026-03-01'))"),
    "in of thousands": quote("id IN (" + ",".join(["'a'"] * 900) + ")"),
    "functions": deep("CASEI(", ")", "id", 500) + quote(" = 'x'"),
    "minus": quote("-" * 3000 + "1 = height_m"),
    "not closed": quote("id = 'abc"),
    "lone surrogate": quote("id = '") + "%ED%A0%80" + quote("'"),
}
TIMES = {
    "reversed": "2026-03-02/2026-03-01",
    "open twice": "../..",
    "outside, before": "0001-01-01T00:00:00Z",
    "outside, after": "9999-12-31T23:59:59Z",
    "year nought": "0000-01-01",
    "year ten thousand": "10000-01-01T00:00:00Z",
    "leap second": "2016-12-31T23:59:60Z",
    "no such day": "2026-02-30",
    "no such hour": "2026-03-01T25:00:00Z",
    "far zone": "2026-03-01T00:00:00%2B99:99",
    "edge with a zone": "0001-01-01T00:00:00%2B14:00",
    "other edge with a zone": "9999-12-31T23:59:59-14:00",
    "many parts": "/".join(["2026-03-01"] * 1000),
    "duration": "P1D",
    "small fractions": "2026-03-01T00:00:00." + "0" * 3000 + "Z",
}
BOXES = {
    "over the antimeridian": "170,48,-170,49",
    "upside down": "11,49,12,48",
    "off the Earth": "-1000,-1000,1000,1000",
    "infinite": "-inf,-inf,inf,inf",
    "nan": "nan,nan,nan,nan",
    "huge": "1e308,1e308,1e308,1e308",
    "five": "1,2,3,4,5",
    "thousands": ",".join(["1"] * 5000),
    "nothing": ",,,",
    "a point": "11.5,48.1,11.5,48.1",
}
ODATA = {
    "deep": deep("(", ")", "result gt 1", 1500),
    "deep NOT": deep("not (", ")", "result gt 1", 500),
    "deep call": deep("tolower(", ")", "name", 400) + quote(" eq 'a'"),
    "deep path": "Datastreams/Thing/" * 200 + "name%20eq%20'a'",
    "deep expand": quote("Datastreams($expand=Thing($expand=" * 50 + "Datastreams" + "))" * 50),
    "wide expand": ",".join(["Datastreams"] * 500),
    "long power": quote(" mul ".join(["1e308"] * 400) + " gt 1"),
    "geography": quote("st_within(location, geography'POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))')"),
    "no geography": quote("st_within(location, geography'" + "POLYGON((" * 300 + "')"),
    "substring": quote("substring(name, 99999999999999999999) eq 'a'"),
    "year ten thousand": quote("phenomenonTime gt 10000-01-01T00:00:00Z"),
    "duration": quote("phenomenonTime gt now() sub duration'P99999999999D'"),
    "latest time": quote("maxdatetime() add duration'P1D' gt phenomenonTime"),
}
TOKENS = {
    "of another question": "AAAAAQAAAAAAAAAKAAAAAAAAAAAAAAAA",
    "cut off": "AAAAAQ",
    "padded": "AAAAAQAAAAAAAAAKAAAAAAAAAAAAAAAA====",
    "largest": "_" * 32,
    "STAC's, forged": "99999999999999999~probe.buildings~1",
    "STAC's, of no layer": "1772366400000000~no.layer~1",
    "STAC's, negative": "-1~probe.buildings~-1",
}
SHAPES = {
    "self-crossing": quote('{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'),
    "deep": quote('{"type":"GeometryCollection","geometries":[' * 2000 + "]}" * 2000),
    "deep coordinates": quote('{"type":"Point","coordinates":' + "[" * 3000 + "]" * 3000 + "}"),
    "no numbers": quote('{"type":"Point","coordinates":["a",null]}'),
    "twice": quote('{"type":"Point","type":"Polygon","coordinates":[1,2]}'),
    "beyond all numbers": quote('{"type":"Point","coordinates":[1e999,NaN]}'),
}
SPECIAL = {
    "filter": FILTERS,
    "$filter": ODATA | {name: FILTERS[name] for name in ("not closed", "bomb of a pattern")},
    "$expand": ODATA,
    "$orderby": ODATA,
    "datetime": TIMES,
    "bbox": BOXES,
    "token": TOKENS,
    "intersects": SHAPES,
    "query": SHAPES,
    "revision": {"other digits": "%D9%A0%D9%A0%D9%A0%D9%A0%D9%A0%D9%A1", "huge": "9" * 400},
}
"""Parameter → what it may be given, beside `WORDS`."""
PATHS = {
    "up": "..",
    "up, escaped": "%2e%2e",
    "up far": "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "up, escaped twice": "%252e%252e%252fetc%252fpasswd",
    "backslashes": "..%5c..%5cwindows%5cwin.ini",
    "from the root": "%2fetc%2fpasswd",
    "drive": "C:%5c",
    "NUL": "a%00.json",
    "dot": ".",
    "tilde": "~root",
    "device": "%2fdev%2fzero",
    "address": "file:%2f%2f%2fetc%2fpasswd",
    "no UTF-8": "%ff%fe",
    "overlong": "%c0%ae%c0%ae%c0%af",
    "lone surrogate": "%ed%a0%80",
    "long": "x" * 20_000,
    "escapes": "%41" * 5000,
    "line breaks": "a%0d%0aSet-Cookie:x=1",
    "semicolons": ";jsessionid=1",
    "star": "*",
    "huge number": "9" * 400,
    "negative": "-1",
    "Arabic digits": "%D9%A1",
    "emoji": "%F0%9F%9A%B2",
    "SQL": "'%20OR%201=1--",
    "entity": "Things('" + "a" * 5000 + "')",
    "deep entity": "Datastreams('a')/Thing/" * 300,
    "brackets": "Things(" * 1000,
}
"""What any part of a path may be."""
HEADERS = {
    "range of nothing": {"range": "bytes=-0"},
    "range, huge": {"range": "bytes=0-" + "9" * 400},
    "range, reversed": {"range": "bytes=9-1"},
    "range, negative": {"range": "bytes=--5"},
    "range, beyond": {"range": "bytes=99999999999-"},
    "ranges, many": {"range": "bytes=" + ",".join(["0-"] * 5000)},
    "ranges, overlapping": {"range": "bytes=" + ",".join(f"{i}-1000" for i in range(500))},
    "range, other digits": {"range": "bytes=\u0661-".encode()},
    "range of something": {"range": "parsecs=1-2"},
    "if-range": {"range": "bytes=0-1", "if-range": "Wed, 99 Foo 0000 00:00:00 GMT"},
    "if-none-match, long": {"if-none-match": ", ".join(f'"{i}"' for i in range(5000))},
    "if-none-match, open": {"if-none-match": 'W/"' * 3000},
    "if-none-match, no text": {"if-none-match": b"\xff\xfe\x00"},
    "accept, long": {"accept": ", ".join(["text/x-wibble;q=0.5"] * 3000)},
    "accept, no list": {"accept": ";;;,,,/q=1e400,*/*/*;q=nan"},
    "accept, weightless": {"accept": "*/*;q=0"},
    "accept, infinite": {"accept": "text/html;q=inf, application/json;q=nan"},
    "accept, no text": {"accept": b"\xff\xfe/\xff"},
    "coding, unknown": {"accept-encoding": "wibble, *;q=0"},
    "coding, no list": {"accept-encoding": "br;q=" + "9" * 400 + ", gzip;q=nan;;;"},
    "coding, long": {"accept-encoding": ", ".join(["gzip"] * 5000)},
    "language, long": {"accept-language": ", ".join(["de-DE-x-y-z;q=0.1"] * 3000)},
    "language, no text": {"accept-language": b"\xed\xa0\x80"},
    "host, another": {"host": "evil.example"},
    "host, injected": {"host": 'evil.example"><script>alert(1)</script>'},
    "forwarded": {"x-forwarded-host": "evil.example", "x-forwarded-for": "x" * 10_000},
    "another method": {"x-http-method-override": "DELETE", "x-method-override": "PUT"},
    "another path": {"x-original-url": "/etc/passwd", "x-rewrite-url": "/admin"},
    "last event, none": {"last-event-id": "wibble" * 500},
    "last event, no text": {"last-event-id": b"\xff\x00"},
    "body of a GET": {"content-length": "99999999999999999999"},
    "kind of a body": {"content-type": "multipart/form-data; boundary=" + "x" * 5000},
    "upgrade": {"connection": "upgrade", "upgrade": "h2c"},
    "since, none": {"if-modified-since": "Wed, 99 Foo 0000 99:99:99 GMT"},
}
"""Header → value, of any request."""
BODIES = {
    "nothing": b"",
    "no JSON": b"wibble",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1",
    "not a number": b'{"limit": NaN}',
    "beyond all numbers": b'{"bbox": [1e999, 1, 2, 3]}',
    "large number": b'{"limit": 1' + b"0" * 300 + b"}",
    "twice": b'{"limit": 1, "limit": -1}',
    "deep": b"[" * 100_000,
    "deep object": b'{"query":' * 5000 + b"1" + b"}" * 5000,
    "deep filter": b'{"filter":' + b'{"op":"not","args":[' * 5000 + b"true" + b"]}" * 5000 + b"}",
    "lone surrogate": b'{"ids": ["\\ud800"]}',
    "NUL": b'{"ids": ["a\\u0000b"], "collections": ["\\u0000"]}',
    "many ids": json.dumps({"ids": ["a"] * 20_000}).encode(),
    "half of it": b'{"limit": 1',
    "wrong types": json.dumps(dict.fromkeys(("ids", "bbox", "datetime", "q", "token", "sortby"), 1)).encode(),
}


class Raw:
    """Asks an app as a server hands it over, whatever the bytes."""

    def __init__(self, app):
        self._app = app

    def __call__(self, target, method="GET", headers=(), chunks=(b"",)):
        """(status, headers, body, seconds of processor time)"""
        raw, _, query = target.partition("?")
        told = [(b"host", b"made.example")] if "host" not in dict(headers) else []
        for name, value in dict(headers).items():
            told.append((name.encode(), value if isinstance(value, bytes) else value.encode("latin-1")))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": told,
            "client": ("192.0.2.1", 1),
            "server": ("made.example", 80),
        }
        begun = time.process_time()
        status, found, body = asyncio.run(self._ask(scope, list(chunks)))
        return status, found, body, time.process_time() - begun

    async def _ask(self, scope, chunks):
        sent = []
        left = chunks[::-1]

        async def receive():
            if not left:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        await self._app(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], headers, body
