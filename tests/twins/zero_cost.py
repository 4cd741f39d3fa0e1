"""Room: tests. Twins that cost nothing and keep a face where it is: what is left is the app's own time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.templates import TEMPLATES
from tests.twins import facts, formulas
from tests.twins.analytic import add_emap
from tests.twins.graph import Graph


@dataclass(frozen=True, slots=True)
class FaceAt:
    """Where the detector twins see a face, whatever the picture shows.

    Attributes:
        frame_wh: Size of the frame they will get.
        box_xyxy: The face's box, frame px.
    """

    frame_wh: tuple[int, int] = (1280, 720)
    box_xyxy: tuple[float, float, float, float] = (528, 220, 752, 500)

    @property
    def box(self) -> NDArray[np.float32]:
        """(4,) float32."""
        return np.array(self.box_xyxy, np.float32)

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """(5, 2) float32, frame px: where an upright frontal face in this box has them."""
        left, top, right, bottom = self.box_xyxy
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        spread = (TEMPLATES["arcface_112_v2"] - [0.5, 0.56]) * (bottom - top)
        return np.asarray(middle + spread, np.float32)


def zero_cost(name: str, folder: Path, face: FaceAt | None = None) -> Path:
    """Write the zero-cost twin of a model, or of a network that the app ships; returns its path.

    Args:
        name: Key of the catalogue, or the stem of a shipped network's file.
        folder: Where to write; made if missing.
        face: Where detectors see a face; a detector twin fits frames of that size at its usual input side only.
    """
    face = face or FaceAt()
    path = folder / f"{facts.FILES.get(name, name)}.onnx"
    if name in facts.SWAPPERS:
        return _swapper(facts.SWAPPERS[name]).save(path)
    if name in facts.DETECTORS:
        return _detector(facts.DETECTORS[name], face).save(path)
    if name == "face_landmark":
        return _mesh_net().save(path)
    if name in facts.SHIPPED:
        return _blaze_face(name, face).save(path)
    return _constant(name).save(path)


def _swapper(model: facts.SwapFacts) -> Graph:
    graph = Graph()
    side = model.side
    target = graph.input("target", (1, 3, side, side))
    graph.input("source", (1, 3, model.portrait_side, model.portrait_side) if model.portrait_side else (1, 512))
    if not model.denormalised and any(model.mean):
        mean, std = (np.array(values, np.float32).reshape(1, 3, 1, 1) for values in (model.mean, model.std))
        target = graph.op("Add", graph.op("Mul", target, graph.constant(std)), graph.constant(mean))
    # Not quite what goes in: a network that changes nothing counts as one that did not swap.
    target = graph.op("Mul", target, graph.constant(np.full(1, 0.9, np.float32)))
    graph.output(target, "output", (1, 3, side, side))
    if model.has_mask:
        graph.output(graph.constant(np.ones((1, 1, side, side), np.float32)), "mask", (1, 1, side, side))
    if model.identity == "emap":
        add_emap(graph, is_last=True)
    return graph


def _detector(model: facts.DetectorFacts, face: FaceAt, side: int = 640) -> Graph:
    """One cell of the middle map fires; numbers as a letterboxed frame of the face's size would have them."""
    graph = Graph()
    graph.input(model.input, (1, 3, -1, -1))
    scale = side / max(face.frame_wh)
    box, landmarks = face.box * scale, face.landmarks * scale
    level, stride = 1, facts.STRIDES[1]
    cell = np.floor((box[:2] + box[2:]) / 2 / stride).astype(int)
    # The longer side is the input's; the shorter one is what the frame needs, in whole cells of the coarsest map.
    wide, high = (-(-round(length * scale) // facts.STRIDES[-1]) * facts.STRIDES[-1] for length in face.frame_wh)
    anchor = 2 * int(cell[1] * (wide // stride) + cell[0])
    centre = (cell * stride).astype(np.float32)
    reach = np.concatenate([centre - box[:2], box[2:] - centre]) / stride
    points = ((landmarks - centre) / stride).reshape(-1)
    values = {(level, 0): np.array([0.9]), (level, 1): reach, (level, 2): points}
    for kind, width in enumerate((1, 4, 10)):
        for at, size in enumerate(facts.STRIDES):
            rows = np.zeros((2 * (wide // size) * (high // size), width), np.float32)
            if (at, kind) in values:
                rows[anchor] = values[at, kind]
            graph.output(graph.constant(rows), model.outputs[3 * kind + at], (-1, width))
    return graph


def _constant(name: str) -> Graph:
    """Recogniser: one vector. Landmarks: a ring. Parser: all skin. Occluder: nothing in front. Converter: as it is."""
    graph = Graph()
    if name == facts.RECOGNISER:
        graph.input("input.1", (-1, 3, 112, 112))
        graph.output(graph.constant(formulas.arcface_matrix()[:1] * 6), "683", (-1, 512))
    elif name in facts.LANDMARKS:
        count, dims = (106, 2) if name == "landmarks_2d106" else (1103, 3)
        graph.input("data", (-1, 3, 192, 192))
        graph.output(graph.constant(formulas.landmark_layer(count, dims)[1][None]), "fc1", (-1, count * dims))
    elif name in facts.PARSERS:
        graph.input("input", (1, 3, 512, 512))
        shape = (1, facts.CLASSES, 512, 512)
        skin = np.eye(facts.CLASSES, dtype=np.float32)[1].reshape(1, -1, 1, 1)
        graph.output(graph.op("Expand", graph.constant(skin), graph.integers(*shape)), "output", shape)
    elif name in facts.OCCLUDERS:
        graph.input("input", (1, 256, 256, 3))
        graph.output(graph.constant(np.ones((1, 256, 256, 1), np.float32)), "output", (1, 256, 256, 1))
    else:
        graph.output(graph.input("input", (1, 512)), "output", (1, 512))
    return graph


def _mesh_net() -> Graph:
    """The shipped mesh network's twin: a face that fills the crop as the tracker's next crop wants it, so it stays.

    The tracker looks at 1.5 times the mesh's larger extent, turned so that the outer corners of the eyes lie level: the
    canonical face, centred, is level, and too short to be squeezed.
    """
    graph = Graph()
    graph.input("input_1", (1, 192, 192, 3))
    face = topology.CANONICAL
    low, high = face.min(0), face.max(0)
    points = (face - (low + high) / 2) * (192 / 1.5 / (high - low)[:2].max())
    points[:, :2] += 96
    graph.output(graph.constant(points.reshape(1, 1, 1, -1)), "conv2d_20", (1, 1, 1, points.size))
    graph.output(graph.constant(np.full((1, 1, 1, 1), 8, np.float32)), "conv2d_30", (1, 1, 1, 1))
    return graph


def _blaze_face(name: str, face: FaceAt) -> Graph:
    is_short = name == "face_detection_short_range"
    side, cells, per_cell = (128, 16, 2) if is_short else (192, 48, 1)
    boxes, scores = ("regressors", "classificators") if is_short else (
        "reshaped_regressor_face_4", "reshaped_classifier_face_4"
    )  # fmt: skip
    anchors = 896 if is_short else 2304
    graph = Graph()
    graph.input("input", (1, side, side, 3))
    scale = side / max(face.frame_wh)
    box, five = face.box * scale, face.landmarks * scale
    centre = (box[:2] + box[2:]) / 2
    cell = np.floor(centre / side * cells).astype(int)
    index = per_cell * int(cell[1] * cells + cell[0])
    anchor = (cell + 0.5) / cells * side
    ears = np.array([[box[0], centre[1]], [box[2], centre[1]]])
    points = np.concatenate([five[:3], five[3:].mean(0, keepdims=True), ears])
    rows = np.zeros((1, anchors, 16), np.float32)
    rows[0, index] = np.concatenate([centre - anchor, box[2:] - box[:2], (points - anchor).reshape(-1)])
    logits = np.full((1, anchors, 1), -20, np.float32)
    logits[0, index] = 5
    graph.output(graph.constant(rows), boxes, rows.shape)
    graph.output(graph.constant(logits), scores, logits.shape)
    return graph
