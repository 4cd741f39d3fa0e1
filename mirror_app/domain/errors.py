"""Room: domain. Every error the app raises on purpose.

    MirrorError                     exit code
    ├── InputError                  3   a file, picture, video or option value cannot be used
    │   ├── NoFaceError             4   a target photo shows no face
    │   └── ConsentError            5   a photo was offered without saying whose face it is
    ├── UnknownTargetError          6   no target face of that name
    ├── OutputError                 7   the result cannot be written (path, ending, disk)
    ├── NotSafeError                8   the frame may not leave: it could show the real face
    ├── ModelError                  9   a network's file is missing, damaged or gives non-finite numbers
    ├── MissingLibraryError        10   a system library is missing; the message says how to install it
    └── NotRunningError            12   no window of the mirror is open, or it does not answer

Every message is a sentence a user can act on. "No face in the camera picture" is a state, not an error.
"""

from mirror_app.domain.sentence import Sentence


class MirrorError(Exception):
    """Base of all errors that carry a sentence for the user and an exit code for the command line.

    Attributes:
        sentence: What to say, in English; see `Sentence` for other languages.
    """

    exit_code = 1

    def __init__(self, template: str, /, **values: object) -> None:
        """Make the sentence: a template with {named} gaps, and what fills them; without values it stays as it is."""
        self.sentence = Sentence(template, **values)
        super().__init__(self.sentence)


class InputError(MirrorError):
    """A file, picture, video or option value cannot be used."""

    exit_code = 3


class NoFaceError(InputError):
    """A target photo shows no face."""

    exit_code = 4


class ConsentError(InputError):
    """A photo was offered as target face without saying whose face it is."""

    exit_code = 5


class UnknownTargetError(MirrorError):
    """No target face has that name."""

    exit_code = 6


class OutputError(MirrorError):
    """A result cannot be written: path, file ending, rights or disk space."""

    exit_code = 7


class NotSafeError(MirrorError):
    """A frame was asked for that could show the real face."""

    exit_code = 8


class ModelError(MirrorError):
    """A network's file is missing or damaged, or its output is not finite."""

    exit_code = 9


class MissingLibraryError(MirrorError):
    """A system library is missing; the message carries the install command."""

    exit_code = 10


class NotRunningError(MirrorError):
    """No window of the mirror is open on this computer, or it does not answer."""

    exit_code = 12
