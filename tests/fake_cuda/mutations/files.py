"""Room: tests. Safeguards to take away. Plans on disk: whose they are, and whether they are whole and fresh."""

from __future__ import annotations

from typing import Final

from mirror_app.runtime import plan_file
from mirror_app.runtime.prepared_plans import PreparedPlans
from tests.fake_cuda.mutations.mutant import FILE, PLANS, Mutants, edited

MUTANTS: Final[Mutants] = {
    "anybody's plan": (
        edited(plan_file, "check_own", "if not (is_right_kind and is_own):", "if False:"),
        FILE + "a_plan_that_is_damaged_or_open_to_others",
    ),
    "plan of another user": (
        edited(plan_file, "check_own", "stats.st_uid == os.getuid() and ", ""),
        FILE + "a_plan_of_another_user",
    ),
    "size not looked at": (
        edited(plan_file, "read_plan", "if size != plan.size_bytes:", "if False:"),
        FILE + "a_plan_that_is_damaged_or_open_to_others",
    ),
    "digest not looked at": (
        edited(plan_file, "read_plan", "if found != plan.sha256:", "if False:"),
        FILE + "a_plan_that_is_damaged_or_open_to_others",
    ),
    "another model's plan": (
        edited(
            plan_file,
            "read_plan",
            "if path != plan_path(path.parent, plan.facts.model, plan.facts.precision):",
            "if False:",
        ),
        FILE + "a_plan_under_another_models_name",
    ),
    "stale plan": (
        edited(PreparedPlans, "_prepared", "    if why:", "    if False:"),
        PLANS + "a_plan_that_is_of_no_use_here",
    ),
}
