"""Room: cli. What each exit code means, for the help. The codes themselves stand at the errors."""

from __future__ import annotations

from typing import Final

from mirror_app.domain.sentence import Sentence

EXIT_CODES: Final = {
    0: Sentence("done"),
    1: Sentence("doctor found something that stops the mirror; any other error"),
    2: Sentence("the command line itself is wrong"),
    3: Sentence("an input file or option value cannot be used; batch: some of the inputs"),
    4: Sentence("a target photo shows no face"),
    5: Sentence("a photo was offered without saying whose face it is (--consent)"),
    6: Sentence("there is no target face of that name"),
    7: Sentence("the output cannot be written (name, folder, disk space)"),
    8: Sentence("the picture may not leave, it could show the real face"),
    9: Sentence("a network's file is missing or damaged"),
    10: Sentence("a system library is missing"),
    11: Sentence("evaluate --check: a figure is worse than it must be"),
    12: Sentence("panic, release, face, swap, status: no window of the mirror is open, or it does not answer"),
    130: Sentence("stopped by Ctrl-C; a video rendered so far was finished and can be played"),
}
