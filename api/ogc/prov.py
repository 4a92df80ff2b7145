"""The same chain in W3C's words: PROV-JSON (https://www.w3.org/submissions/prov-json/)."""

from typing import Any

from twin import times
from twin.layer import Layer
from twin.provenance import Provenance
from twin.revision import Revision
from twin.whence import Piece

_MOST = 200


def document(
    layer: Layer, revision: Revision, told: Provenance, feature: str, lay: Piece | None
) -> dict[str, Any]:
    """Entities, activities and agents behind a feature.

    Args:
        layer: Whose.
        revision: That has it so.
        told: What is known of the revision.
        feature: Its address.
        lay: The body in which it lay, or the file in it; None where nobody wrote it down.
    """
    snapshot = f"twin:{layer.id}/{revision.name}"
    bodies = {
        f"twin:body/{number}": {
            "prov:location": origin.url,
            **{f"twin:{name}": checksum for name, checksum in origin.checksum.items()},
            "twin:bytes": origin.size,
            "prov:generatedAtTime": times.iso(origin.fetched_at),
        }
        for number, origin in enumerate(told.origins, 1)
        if number <= _MOST or (lay is not None and number == lay.origin + 1)
    }
    run, source, us = "twin:run", "twin:publisher", "twin:software"
    files, members, lay_in = {}, {}, {}
    if lay is not None:
        place = body = f"twin:body/{lay.origin + 1}"
        if lay.file is not None:
            place = f"{body}/file"
            files = {place: {"prov:location": lay.file}}
            members = {"_:member": {"prov:collection": body, "prov:entity": place}}
        lay_in = {"_:lay": {"prov:generatedEntity": "twin:feature", "prov:usedEntity": place}}
    return {
        "prefix": {"prov": "http://www.w3.org/ns/prov#", "twin": "urn:stadtzwilling:"},
        "entity": {
            "twin:feature": {"prov:location": feature},
            snapshot: {"twin:digest": revision.digest},
            "twin:recipe": {"prov:type": "prov:Plan", "twin:sha256": told.recipe_sha256},
            **bodies,
            **files,
        },
        "activity": {
            run: {
                "prov:startTime": times.iso(told.fetched_at),
                "prov:endTime": times.iso(revision.published_at),
            }
        },
        "agent": {
            source: {"prov:type": "prov:Organization", "prov:label": told.publisher},
            us: {"prov:type": "prov:SoftwareAgent", "prov:label": told.software},
        },
        "used": {
            f"_:used{number}": {"prov:activity": run, "prov:entity": body}
            for number, body in enumerate(bodies, 1)
        },
        "wasGeneratedBy": {"_:made": {"prov:entity": snapshot, "prov:activity": run}},
        "wasDerivedFrom": {
            "_:part": {"prov:generatedEntity": "twin:feature", "prov:usedEntity": snapshot},
            **lay_in,
            **{
                f"_:from{number}": {"prov:generatedEntity": snapshot, "prov:usedEntity": body}
                for number, body in enumerate(bodies, 1)
            },
        },
        "hadMember": members,
        "wasAttributedTo": {
            f"_:by{number}": {"prov:entity": body, "prov:agent": source}
            for number, body in enumerate(bodies, 1)
        },
        "wasAssociatedWith": {
            "_:with": {"prov:activity": run, "prov:agent": us, "prov:plan": "twin:recipe"},
        },
    }
