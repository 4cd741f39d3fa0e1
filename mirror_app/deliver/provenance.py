"""Room: deliver. What every file says about where its picture comes from: an AI's work. One place; writes no files.

Two ways of saying it, label on or off: the `AIGC` key of China's GB 45438-2025, and IPTC's digital source type, which
readers everywhere know. Neither names a person, a computer or a path.
"""

from __future__ import annotations

import json
import struct
import uuid
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

PRODUCER: Final = "mirror-app"
AIGC_KEY: Final = "AIGC"
SOURCE_TYPE_KEY: Final = "DigitalSourceType"
SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's word for a camera picture of which a trained network made a part."""
AIGC_NAMESPACE: Final = "http://www.tc260.org.cn/ns/AIGC/1.0/"
IPTC_NAMESPACE: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
USE_METADATA_TAGS: Final = "use_metadata_tags"
"""The flag of FFmpeg's `movflags` without which an MP4 keeps none of these keys."""

_XMP_BOX: Final = uuid.UUID("be7acfcb-97a9-42e8-9c71-999491e3afac")
"""The kind of MP4 box that holds XMP, by XMP Specification Part 3."""
_IS_AI: Final = "1"
"""GB 45438-2025, annex E: 1 = is, 2 = may be, 3 = is suspected to be made by an AI."""


def aigc_json() -> str:
    """The value of the `AIGC` key for one file; its number is random and says nothing but that files differ."""
    fields = {
        "Label": _IS_AI,
        "ContentProducer": PRODUCER,
        "ProduceID": uuid.uuid4().hex,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    return json.dumps(fields, separators=(",", ":"))


def container_metadata() -> dict[str, str]:
    """The keys of one video file; the container must be opened with `movflags` that hold `USE_METADATA_TAGS`."""
    return {AIGC_KEY: aigc_json(), SOURCE_TYPE_KEY: SOURCE_TYPE}


def xmp_box(metadata: Mapping[str, str]) -> bytes:
    """What goes to the end of a finished MP4 file for those who read XMP and not its keys.

    Args:
        metadata: What `container_metadata` gave for this file.
    """
    packet = _packet(metadata)
    return struct.pack(">I4s", 24 + len(packet), b"uuid") + _XMP_BOX.bytes + packet


def still_xmp() -> bytes:
    """The XMP packet of one picture file, UTF-8."""
    return _packet(container_metadata())


def _packet(metadata: Mapping[str, str]) -> bytes:
    packet = (
        '<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="{IPTC_NAMESPACE}" xmlns:TC260="{AIGC_NAMESPACE}">'
        f"<Iptc4xmpExt:DigitalSourceType>{escape(metadata[SOURCE_TYPE_KEY])}</Iptc4xmpExt:DigitalSourceType>"
        f"<TC260:AIGC>{escape(metadata[AIGC_KEY])}</TC260:AIGC>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return packet.encode()
