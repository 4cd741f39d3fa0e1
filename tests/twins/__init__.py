"""Room: tests. ONNX files that stand in for the networks whose weights cannot be shipped. No assertions."""

from tests.twins.analytic import analytic
from tests.twins.architecture import architecture
from tests.twins.facts import CONVERTERS, DETECTORS, LANDMARKS, OCCLUDERS, PARSERS, RECOGNISER, SWAPPERS
from tests.twins.zero_cost import FaceAt, zero_cost

MODELS = (*SWAPPERS, *DETECTORS, *CONVERTERS, *PARSERS, *OCCLUDERS, *LANDMARKS, RECOGNISER)
"""Names of all models that have twins."""

__all__ = ["MODELS", "FaceAt", "analytic", "architecture", "zero_cost"]
