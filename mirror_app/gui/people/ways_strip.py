"""Room: gui. Over the picture while it is shielded because of somebody else: what is wrong, and two ways out of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Wearers
from mirror_app.gui import theme
from mirror_app.gui.views.preview import Preview
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.pipeline.result import MirrorControls, MirrorResult, Unsafe

_WAIT_NS: Final = 1_000_000_000
"""Somebody who only walks by is no reason for a question."""
_OVER_NS: Final = 500_000_000
"""A frame between in which she is not found does not mean that she has gone."""
_LABEL_BAND: Final = 0.15
"""Of the picture's height, the part at its bottom in which the mark usually is; faces are higher up."""
_MARGIN: Final = 18
_ABOUT_OTHERS: Final = frozenset({Unsafe.SEVERAL_FACES, Unsafe.NOT_CHOSEN})


class WaysStrip(QFrame):
    """Comes after a second of it, and goes when it is over, or when it is closed: then it stays away this time."""

    cover_all_requested = Signal()
    blur_requested = Signal()

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview)
        self._preview = preview
        self._since_ns: int | None = None
        self._last_ns = 0
        self._is_dismissed = False
        self.setObjectName("ways")
        self.setStyleSheet(
            f"#ways {{ background: {theme.PANEL.name()}; border: 1px solid {theme.LINE.name()};"
            f" border-radius: {round(theme.RADIUS)}px; }}"
        )
        self._sentence = QLabel()
        self._sentence.setFont(theme.font(13))
        self._sentence.setWordWrap(True)
        self.cover_all = EnterButton(self.tr("Cover everybody"))
        self.blur = EnterButton(self.tr("Blur the others"))
        self.close_button = IconButton(Icon.CLOSE, self.tr("Close"), self.tr("The picture stays covered"))
        self.cover_all.clicked.connect(self.cover_all_requested)
        self.blur.clicked.connect(self.blur_requested)
        self.close_button.clicked.connect(self._dismiss)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_SMALL)
        buttons.addWidget(self.cover_all)
        buttons.addWidget(self.blur)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_SMALL)
        column.addWidget(self._sentence)
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, theme.SPACE_SMALL + 4, theme.SPACE_SMALL, theme.SPACE_SMALL + 4)
        row.addLayout(column, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        preview.installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence.text()

    def show_result(self, result: MirrorResult, controls: MirrorControls, *, is_choosing: bool) -> None:
        """See whether a result is shielded because of somebody else, and for how long.

        Args:
            result: What the mirror made.
            controls: What the user chose.
            is_choosing: Somebody is being chosen for: whoever does so has found a way out, and needs the room.
        """
        wearers, others = controls.cast.wearers, controls.others
        is_unchosen = wearers is Wearers.CHOSEN and not controls.cast.targets and result.unsafe is Unsafe.NO_TARGET
        is_needed = result.unsafe in _ABOUT_OTHERS or (is_unchosen and bool(result.faces))
        if not is_needed:
            if result.captured_ns - self._last_ns > _OVER_NS:
                self.clear()
            return
        self._last_ns = result.captured_ns
        if self._since_ns is None:
            self._since_ns = result.captured_ns
        self.cover_all.setVisible(wearers is not Wearers.ALL)
        self.blur.setVisible(others is not Others.BLUR and not is_unchosen)
        self._say(self._words(wearers, is_unchosen=is_unchosen))
        is_due = result.captured_ns - self._since_ns >= _WAIT_NS
        has_ways = not self.cover_all.isHidden() or not self.blur.isHidden()
        self.setVisible(is_due and has_ways and not self._is_dismissed and not is_choosing)
        if not self.isHidden():
            self._place()

    def clear(self) -> None:
        """It is over."""
        self._since_ns, self._is_dismissed = None, False
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the preview's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _words(self, wearers: Wearers, *, is_unchosen: bool) -> str:
        if is_unchosen:
            return self.tr("Nobody is chosen yet. Click the face that shall wear a target.")
        if wearers is Wearers.CHOSEN:
            return self.tr("Somebody here is not chosen, so others see the card. Click a face to choose, or:")
        return self.tr("Somebody else is in the picture, so others see the card.")

    def _say(self, words: str) -> None:
        if words != self._sentence.text():
            self._sentence.setText(words)
            self.setAccessibleName(words)

    def _dismiss(self) -> None:
        self._is_dismissed = True
        self.hide()
        self._preview.setFocus()

    def _place(self) -> None:
        if (layout := self.layout()) is not None:
            layout.activate()  # what was hidden a moment ago still counts until then
        shown = self._preview.picture_rect
        picture = self._preview.rect() if shown is None else shown.toAlignedRect()
        width = min(420, self._preview.width() - 2 * _MARGIN)
        height = self.heightForWidth(width)
        bottom = round(picture.bottom() - _LABEL_BAND * picture.height())
        self.setGeometry(picture.center().x() - width // 2, bottom - height, width, height)
