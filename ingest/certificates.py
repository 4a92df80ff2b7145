"""Client certificates: some access points hand data only to who shows one.

They belong to the operator, never to a recipe: files ``<host>.pem`` (the certificate and its key, without a
password) in the folder that ``TWIN_CERTIFICATES`` names. Each is shown to its host alone, and only over TLS.
A ``.p12`` becomes one with ``openssl pkcs12 -in access.p12 -nodes -out <host>.pem``.
"""

import ssl
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from ingest import addresses
from twin.errors import SourceRefused


def certificate_for(folder: Path | None, url: str) -> Path | None:
    """The file with the certificate for an address; None if it needs none."""
    if folder is None or urlsplit(url).scheme != "https":
        return None
    host, _ = addresses.host_and_port(url)
    if "/" in host or "\\" in host or host.startswith("."):
        return None
    file = folder / f"{host}.pem"
    return file if file.is_file() else None


@lru_cache(maxsize=1)
def usual() -> ssl.SSLContext:
    """TLS as usual: made once, as reading all authorities takes a while."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def showing(file: Path) -> ssl.SSLContext:
    """TLS as usual, with this certificate shown to who asks for one.

    Raises:
        SourceRefused: it cannot be read, or is locked with a password.
    """
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    try:
        # Without a password of our own OpenSSL would ask for one on the terminal, and wait for ever.
        context.load_cert_chain(file, password="")
    except (ssl.SSLError, OSError):
        raise SourceRefused(
            f"the client certificate {file.name} cannot be used; it needs certificate and key in one PEM "
            "file, without a password (see ingest/certificates.py)"
        ) from None
    return context
