"""Settings: how this installation runs. Built once at the edge (command line, `create_app`), handed down."""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from twin.layer import Layer

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "TWIN_"
_ADDRESS = r"^(https?://[^\s<>\"']{1,500})?$"
BAVARIA = (
    "Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik beim Landesamt für "
    "Digitalisierung, Breitband und Vermessung, Bayern (§ 11 BayDiV)"
)
"""Who enforces accessibility in Bavaria."""


class Settings(BaseModel):
    """How this installation runs; every field can be set as ``TWIN_<FIELD>``."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True)

    store: str = "store"
    """Path or URL (``file://``, ``s3://``, ``memory://``) of the store."""
    host: str = "127.0.0.1"
    """Address to listen at; ``0.0.0.0`` lets other machines in."""
    port: int = 8000
    """Port to listen at."""
    public_url: str = ""
    """Address under which visitors reach the server, such as ``https://zwilling.example``; empty gives
    links without a host, which work behind any proxy. Never taken from the ``Host`` header; only requests
    from this machine (``http://localhost:8000/stac``) get whole links without it."""
    workers: int = 0
    """Processes for tiling; 0 means one a core."""
    dask: str = ""
    """Address of a Dask scheduler (``tcp://10.0.0.5:8786``) whose workers take the place of these processes.
    They need the same release, and the same folders: of the sources, the store and temporary files."""
    grids: Path | None = ROOT / ".cache" / "grids"
    """Folder with geoid and datum grids, searched beside PROJ's own path. GCG2016 (heights) and BETA2007
    (DHDN, Gauß-Krüger) are brought by the first run that reaches the network."""
    kept: Path | None = None
    """Folder where a run leaves what spares the next one work; by default ``kept`` in
    the store's folder, and for a store on S3 ``stadtzwilling`` in the user's cache (``XDG_CACHE_HOME``). It
    may be removed at any time."""
    serve_workers: int = Field(default=0, ge=0, le=64)
    """Processes that answer visitors; all answer alike, and each keeps its own features in memory. 0 means
    two, or one where the machine has but one core."""
    public: Path | None = None
    """Folder that ``twin serve`` fills with links to all public files of the store, for a web server to send;
    must lie on the store's file system. Empty: no such folder."""
    viewer: Path = ROOT / "viewer" / "dist"
    """Folder of the built viewer."""
    publish_unclear: str = ""
    """Layers (ids with commas, or ``all``) that are published although their recipes call the licence
    unclear, because the operator has cleared them."""
    certificates: Path | None = None
    """Folder with client certificates, ``<host>.pem`` each, for sources that want one."""
    contact: str = "https://github.com/stadtzwilling/stadtzwilling"
    """Sent in the User-Agent, so that a publisher can reach whoever runs this."""
    accessibility_contact: str = ""
    """Where people report barriers: an e-mail or web address of an office, never of a person; empty takes the
    city's ``contact``."""
    enforcement_body: str = BAVARIA
    """Who enforces accessibility where the operator sits, with its address; each state has its own."""
    imprint: str = Field(default="", pattern=_ADDRESS)
    """Address of the operator's imprint (Impressum, § 5 DDG), to which the pages link; empty: they do not."""
    privacy_policy: str = Field(default="", pattern=_ADDRESS)
    """Address of the operator's privacy policy (Datenschutzerklärung), to which the pages link; likewise."""
    demo_buildings: int = 2500
    """Size of the made-up quarter."""
    max_body_mb: int = 512
    """Largest answer read from a source, inflated."""
    layer_minutes: float = 60.0
    """Longest time for one run of one layer, unless its recipe says ``longest``."""
    layer_memory_mb: int = 0
    """Most memory for one run of one layer; 0 means three quarters of the machine's."""
    at_once: int = Field(default=2, ge=1)
    """Layers that `twin work` runs side by side, never two of one host."""
    max_layer_mb: int = 16_384
    """Most megabytes that the source of one layer may send in one run."""
    kept_mb: int = 2_048
    """Most megabytes of sources' answers kept in ``kept``; only of sources without anything personal."""
    timeout_s: float = 60.0
    """Longest wait for a source's next bytes."""
    slowest_kb_s: float = 0.5
    """Fewest kilobytes a second that a source has to send, on average over each time-out; a slower
    one is given up until the next run. 0 means any."""
    longest_wait_s: float = 120.0
    """Longest pause that a source may ask for (``Retry-After``) within a run; the next run asks then."""
    live_every_s: float = Field(default=1.0, gt=0)
    """Seconds between two looks at the store while somebody listens at ``/live``; a slow store is looked at
    less often."""
    live_heartbeat_s: float = Field(default=15.0, gt=0)
    """Seconds between the heartbeats there, which keep proxies from closing a quiet connection."""
    rate_per_s: float = Field(default=0.0, ge=0)
    """Requests a second that one client may make on average; 0 means any number. What never changes (tiles by
    checksum or revision) does not count."""
    rate_burst: int = Field(default=200, ge=1)
    """Requests that a client may make at once before that counts."""
    trusted_proxies: str = ""
    """Addresses or networks (with commas) of proxies whose ``X-Forwarded-For`` says who asks; else the peer
    counts as the client."""
    max_request_kb: int = Field(default=1024, ge=1)
    """Largest body of a request."""
    query_s: float = Field(default=10.0, gt=0)
    """Most seconds of processor time for one question (a filter, a search, a page of observations), and a
    sixth of what it may take in all; then the engine gives it up with a 400 that says how to ask for less."""
    client_patience_s: float = Field(default=30.0, gt=0)
    """Longest time that a visitor may take to send a request, or to take anything of an answer."""

    def __init__(self, **given: Any) -> None:
        """Take what is given, the rest from the environment, where upper and lower case are the same.

        Raises:
            pydantic.ValidationError: a value is none of its field.
        """
        # Not by pydantic-settings, whose import alone takes as long as converting some hundred buildings.
        stated = {name.upper(): value for name, value in os.environ.items()}
        names = {name: f"{PREFIX}{name.upper()}" for name in type(self).model_fields}
        super().__init__(**{name: stated[key] for name, key in names.items() if key in stated} | given)

    def shows(self, layer: Layer) -> bool:
        """Whether a layer may be published: its licence is clear, or the operator vouches for it."""
        named = {name.strip() for name in self.publish_unclear.split(",")}
        return layer.source.unclear is None or bool(named & {"all", layer.id})
