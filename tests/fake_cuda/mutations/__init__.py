"""Room: tests. The safeguards of the runner, each with a way to take it away and the test that must notice."""

from typing import Final

from tests.fake_cuda.mutations import capture, context, files, memory, parity, sync
from tests.fake_cuda.mutations.mutant import Mutants

MUTANTS: Final[Mutants] = {
    name: mutant for part in (sync, context, capture, parity, memory, files) for name, mutant in part.MUTANTS.items()
}
"""All of them."""
