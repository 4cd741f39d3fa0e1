"""Room: deliver. What a file says about where its picture comes from: what `provenance` wrote. Judges no pixels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import av

from mirror_app.deliver.provenance import AIGC_KEY, AIGC_NAMESPACE, IPTC_NAMESPACE, SOURCE_TYPE_KEY
from mirror_app.domain.errors import InputError
from mirror_app.imaging.files import require_readable
from mirror_app.imaging.xmp import xmp_of

_MOST_BYTES: Final = 512 * 2**20
_AI_TYPES: Final = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})
"""IPTC's words for what a trained network made, whole or in part."""
_AI_LABELS: Final = frozenset({"1", "2", "3"})
"""GB 45438-2025, annex E: it is, it may be, it is suspected to be made by an AI."""
_RESOURCE: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found; "" for what the file does not carry.

    Attributes:
        aigc: The value of China's `AIGC` key, JSON as it stands in the file.
        source_type: IPTC's digital source type, an address.
    """

    aigc: str
    source_type: str

    @property
    def says_ai(self) -> bool:
        """Whether one of them says that an AI made the picture or a part of it."""
        return _label(self.aigc) in _AI_LABELS or self.source_type.rsplit("/", 1)[-1] in _AI_TYPES


def marks_of(path: Path) -> Marks:
    """Read what a picture or a video says about itself.

    Raises:
        InputError: The file cannot be read, or is neither.
    """
    require_readable(path)
    with path.open("rb") as file:
        start = file.read(8)
        if start.startswith((b"\x89PNG", b"\xff\xd8")):
            return _from_xmp(xmp_of(start + file.read(_MOST_BYTES)))
    try:
        with av.open(f"file:{path.absolute()}") as container:
            tags = container.metadata
            return Marks(tags.get(AIGC_KEY, ""), tags.get(SOURCE_TYPE_KEY, ""))
    except (av.FFmpegError, OSError) as error:
        raise InputError("{path} is neither a picture nor a video whose marks can be read.", path=path) from error


def _from_xmp(packet: bytes) -> Marks:
    try:
        root = ElementTree.fromstring(packet.strip(b"\x00 \r\n\t"))
    except (ElementTree.ParseError, ValueError):
        return Marks("", "")
    aigc_name, type_name = f"{{{AIGC_NAMESPACE}}}{AIGC_KEY}", f"{{{IPTC_NAMESPACE}}}{SOURCE_TYPE_KEY}"
    return Marks(_property(root, aigc_name), _property(root, type_name))


def _property(root: ElementTree.Element, name: str) -> str:
    """A property's value, in whichever of XMP's three ways it is written."""
    for element in root.iter():
        if name in element.attrib:
            return element.attrib[name]
        if element.tag == name:
            return element.attrib.get(_RESOURCE) or (element.text or "").strip()
    return ""


def _label(aigc: str) -> str:
    try:
        fields = json.loads(aigc)
    except ValueError:
        return ""
    inner = fields.get(AIGC_KEY, fields) if isinstance(fields, dict) else {}
    return str(inner.get("Label", "")) if isinstance(inner, dict) else ""
