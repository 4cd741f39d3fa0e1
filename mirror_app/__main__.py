"""Room: cli. `python -m mirror_app`; the same as `mirror-app`, and what the app's own child processes run."""

import sys

from mirror_app.runtime.child import ANSWER, answer_parent

if __name__ == "__main__":
    if sys.argv[1:2] == [ANSWER]:
        answer_parent(sys.argv[2:])
    else:
        # Loaded here: a child is asked about what may not be importable, and starts faster without the commands.
        from mirror_app.cli import main

        sys.exit(main())
