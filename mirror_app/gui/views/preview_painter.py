"""Room: gui. From a result to the picture on the screen: the swap, the real face, or half of each. Knows no widgets.

Loads cv2, which takes half a second: the preview imports this file when the first picture comes.
"""

from __future__ import annotations

from PySide6.QtGui import QImage

from mirror_app.gui.views.label_finder import LabelFinder
from mirror_app.gui.views.picture import HalvedPicture, ScreenPicture
from mirror_app.pipeline.result import MirrorResult


class PreviewPainter:
    """Makes the pictures of one preview, in buffers that are used again."""

    def __init__(self) -> None:
        self._screen = ScreenPicture()
        self._halves = HalvedPicture()
        self._labels = LabelFinder()

    def picture(self, result: MirrorResult, size_wh: tuple[int, int], *, flip: bool, bare: float) -> QImage:
        """A result as the local window shows it.

        Args:
            result: What the mirror made.
            size_wh: Size on the screen in device px.
            flip: Show it as a mirror does.
            bare: 0..1, the part of the width, from the left of the screen, that shows the camera's own picture.

        Returns:
            A picture that is valid until the next call.
        """
        image_bgr = result.original_bgr if bare == 1 else result.preview_bgr
        if 0 < bare < 1 and result.original_bgr.shape == result.preview_bgr.shape:
            image_bgr = self._halves.join(result.original_bgr, result.preview_bgr, bare, flip_horizontal=flip)
        plate = self._labels.find(result) if bare < 1 and (flip or bare > 0) else None
        return self._screen.fit(image_bgr, size_wh, flip_horizontal=flip, plate=plate, bare_share=bare)
