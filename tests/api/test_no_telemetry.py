"""No telemetry of the framework's: it would tell others who asked for what, and every answer would pay."""


def test_nobody_is_told_who_asked_for_what(ask, client_of, filled, monkeypatch):
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    for app in (ask.app, client_of(filled).app):
        told = app._telemetry
        assert not any(told[kind] for kind in ("tracing", "metrics", "logs", "auto_configure"))
        assert not app._native_telemetry.enabled()


def test_a_box_is_the_same_however_often_it_is_read(ask):
    path = "/ogc/collections/probe.buildings/items?limit=1&bbox="
    for box in ("11.5,48.1,11.6,48.2", "11.6,48.1,11.5,48.2", "1,2,3"):
        first, second = ask(path + box), ask(path + box)
        assert (first.status_code, first.content) == (second.status_code, second.content)
