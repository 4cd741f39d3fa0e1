"""Room: cli. `python -m mirror_app`; the same as `mirror-app`."""

import sys

from mirror_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
