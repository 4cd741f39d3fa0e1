"""Room: gui. Everything of the window that is about going live, put together. Paints nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.domain.errors import InputError
from mirror_app.gui.air.air_desk import AirDesk, AirState
from mirror_app.gui.air.choices import AirChoices
from mirror_app.gui.air.countdown import CountdownMark
from mirror_app.gui.air.first_live import FirstLive
from mirror_app.gui.air.key_keeper import KeyKeeper
from mirror_app.gui.air.kinds import WITH_SOUND, OutputKind, Wish
from mirror_app.gui.air.live_button import LiveButton
from mirror_app.gui.air.monitor import Monitor
from mirror_app.gui.air.monitor_panel import MonitorPanel
from mirror_app.gui.air.monitor_window import MonitorWindow
from mirror_app.gui.air.output_window import OutputWindow
from mirror_app.gui.air.outputs_panel import OutputsPanel
from mirror_app.gui.air.recovery import finish_broken_recordings
from mirror_app.gui.air.sound_desk import SoundDesk, SoundOutput
from mirror_app.gui.air.window_feed import WindowFeed
from mirror_app.gui.air.words import open_words, programme_status
from mirror_app.gui.parts import Parts
from mirror_app.gui.shield import Shield
from mirror_app.gui.views.preview import Preview
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.settings import Settings

_CLOCK_MS: Final = 500


class AirView(QObject):
    """Goes live and cuts for button, key and command; shows what others see."""

    notice = Signal(str)
    """A sentence for the user."""
    window_opened = Signal(QWidget)
    """The clean output window came up; the window's keys are to be heard in it."""

    def __init__(
        self, parts: Parts, preview: Preview, shield: Shield, go: LiveButton, outputs: IconButton, window: QWidget
    ) -> None:
        """Put it together; nothing is open yet.

        Args:
            parts: What the window is made of.
            preview: Its results are those of the monitor.
            shield: The panic cover.
            go: Goes live and cuts.
            outputs: Opens the panel.
            window: The main window.
        """
        super().__init__(window)
        self._parts, self._preview, self._shield, self._window = parts, preview, shield, window
        self._go, self._outputs = go, outputs
        self._is_agreed = parts.settings.live_agreed
        self._first: FirstLive | None = None
        self.large: MonitorWindow | None = None
        self.output_window: OutputWindow | None = None
        self.key_of: Callable[[str], str] = str
        """Gives an action's key for people."""
        self._card = parts.worker.outlets.card
        self.choices = AirChoices(parts.settings, self)
        self.sound = SoundDesk(parts.open_microphone, self)
        self.desk = AirDesk(parts.worker.outlets, parts.open_output, self._wish, parts.settings.outputs, self)
        self._keeper = KeyKeeper()
        self.panel = OutputsPanel(self.desk, self.choices, outputs, window, is_key_kept=self._keeper.is_kept)
        self.monitor = MonitorPanel(self._card, window)
        self._countdown = CountdownMark(preview)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._show_time)
        self._connect()

    def start(self) -> None:
        """Open what was wanted the last time, once the mirror is ready: before that it would only make it wait."""
        self._parts.worker.opened.connect(self.desk.open_wanted)
        finish_broken_recordings(self.choices.folder, self._parts.jobs, self.notice.emit)

    def stop(self) -> None:
        """The window closes: cut first. Recordings are finished afterwards."""
        self.desk.stop()
        self.sound.stop()
        self._clock.stop()
        self._show_output_window()

    def toggle(self) -> None:
        """Cut at once, or go live: the first time with a question, and never without an output."""
        if self.desk.state is AirState.LIVE:
            self.desk.cut()
        elif self.desk.state is AirState.OFF:
            if self.panel.isHidden():
                self.panel.toggle()
            self.notice.emit(self.tr("Nobody is connected yet: switch an output on, such as the output window."))
        elif not self._is_agreed:
            self._ask()
        else:
            self.desk.go_live()

    def steer(self, on: bool) -> None:
        """Go live or cut, asked for from outside.

        Raises:
            InputError: Going live was never confirmed in the window, or no output is open.
        """
        if not on:
            self.desk.cut()
            return
        if not self._is_agreed:
            raise InputError("Going live for the first time is confirmed in the window: press its button “Go live”.")
        self.desk.go_live()

    def toggle_monitor(self) -> None:
        """Show what others see in a window of its own, or no longer."""
        if self.large is None:
            self.large = MonitorWindow(self._card, self._window)
        self.large.toggle()
        self._follow()

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with what was chosen here; never that the mirror was live."""
        return replace(self.choices.remembered_in(settings), outputs=self.desk.wanted, live_agreed=self._is_agreed)

    # Going live

    def _ask(self) -> None:
        if self._first is not None:
            return
        dialog = self._first = FirstLive(
            self._card, live_key=self.key_of("live"), panic_key=self.key_of("panic"), parent=self._window
        )
        dialog.accepted.connect(self._agree)
        dialog.finished.connect(self._forget_question)
        self._follow()
        dialog.open()

    def _agree(self) -> None:
        self._is_agreed = True
        if self.desk.seen_by:
            self.desk.go_live()

    def _forget_question(self) -> None:
        if self._first is not None:
            self._first.deleteLater()
            self._first = None

    def _wish(self, kind: OutputKind) -> Wish:
        sound = self.sound.start(self.choices.microphone) if kind in WITH_SOUND else None
        return self.choices.wish(sound)

    # Showing

    def _connect(self) -> None:
        desk, panel, choices = self.desk, self.panel, self.choices
        self._go.clicked.connect(self.toggle)
        self._outputs.clicked.connect(panel.toggle)
        self._outputs.clicked.connect(self._show_state)
        self.monitor.large_requested.connect(self.toggle_monitor)
        self._preview.changed.connect(self._follow)
        self._shield.changed.connect(self._follow)
        desk.changed.connect(self._show_state)
        desk.looked.connect(self._say_status)
        desk.counting.connect(self._countdown.show_count)
        desk.troubled.connect(self._say_trouble)
        panel.opened.connect(self._panel_opened)
        panel.sound.picked.connect(self._try_microphone)
        panel.sound.muted.connect(self._mute)
        panel.stream.server_typed.connect(self._take_server)
        panel.stream.key_typed.connect(self._take_key)
        choices.size_changed.connect(desk.reopen)
        self.sound.level_changed.connect(panel.sound.meter.show_level)
        self.sound.said.connect(self.notice)

    def _show_state(self) -> None:
        """Whatever shows how things stand."""
        is_live = self.desk.state is AirState.LIVE
        self._show_time()
        if is_live != self._clock.isActive():
            if is_live:
                self._clock.start(_CLOCK_MS)
            else:
                self._clock.stop()
        self._outputs.setChecked(bool(self.desk.open_kinds))
        self.monitor.setVisible(bool(self.desk.open_kinds))
        self._show_output_window()
        self._share_sound()
        self._follow()

    def _show_time(self) -> None:
        if self.desk.state is AirState.LIVE:
            self._go.show_live(self.desk.live_seconds, len(self.desk.seen_by))
        elif self._go.is_red:
            self._go.show_off()

    def _show_output_window(self) -> None:
        feed = self.desk.ways[OutputKind.WINDOW].output
        if self.output_window is not None and self.output_window.feed is not feed:
            self.output_window.end()
            self.output_window = None
        if isinstance(feed, WindowFeed) and self.output_window is None:
            self.output_window = OutputWindow(feed)
            self.output_window.closed.connect(lambda: self.desk.set_on(OutputKind.WINDOW, False))
            self.window_opened.emit(self.output_window)
            self.output_window.show()

    def _follow(self) -> None:
        """Hand the newest picture to the monitors that are seen."""
        monitors = self._monitors()
        if not monitors:
            return
        turn = None if self._shield.is_on and self._preview.turn is None else self._preview.turn
        for monitor in monitors:
            if turn is None:
                monitor.show_card()
            else:
                monitor.show_result(turn.result)
        self._say_status()

    def _monitors(self) -> list[Monitor]:
        small = [] if self.monitor.isHidden() else [self.monitor.monitor]
        large = [] if self.large is None or self.large.isHidden() else [self.large.monitor]
        return [*small, *large, *([] if self._first is None else [self._first.monitor])]

    def _say_status(self) -> None:
        turn = self._preview.turn
        status = programme_status(
            self.desk.state, None if turn is None else turn.result, self._preview.message[1], self._shield.is_on
        )
        is_live = self.desk.state is AirState.LIVE
        self.monitor.show_status(status, is_live=is_live, outputs=open_words(self.desk.open_kinds, self.desk.reports))
        for monitor in self._monitors():
            monitor.show_status(status)

    def _say_trouble(self, sentence: str) -> None:
        if self.panel.isHidden():  # the panel says it itself
            self.notice.emit(sentence)

    # Sound, server, key

    def _panel_opened(self, is_open: bool) -> None:
        if is_open:
            self.panel.sound.show_devices(self.sound.names())
            self._find_key()
        else:
            self.sound.is_tried = False
            self._share_sound()

    def _try_microphone(self, device: str) -> None:
        self.choices.set_microphone(device)
        if any(self.desk.ways[kind].is_wanted for kind in WITH_SOUND):
            self.notice.emit(self.tr("Recordings and streams take the other microphone when they begin anew."))
            return
        self.sound.is_tried = True
        self.sound.start(device)

    def _mute(self, on: bool) -> None:
        self.sound.is_muted = on

    def _share_sound(self) -> None:
        ways = [self.desk.ways[kind] for kind in WITH_SOUND]
        outputs: list[object] = [way.output for way in ways]
        self.sound.outputs = tuple(output for output in outputs if isinstance(output, SoundOutput))
        if not any(way.is_wanted for way in ways):
            self.sound.rest()

    def _take_server(self, text: str) -> None:
        if text.strip() == self.choices.server:
            return
        self.choices.set_server(text)
        self.panel.show_address()
        self._find_key()

    def _take_key(self, key: str) -> None:
        if key == self.choices.key:
            return
        self.choices.key = key
        self.choices.set_server(self.choices.server)
        server, keeper = self.choices.server, self._keeper
        self._parts.jobs.submit(lambda: keeper.keep(server, key), lambda _none: None, self.notice.emit)

    def _find_key(self) -> None:
        server, keeper = self.choices.server, self._keeper
        if keeper.is_kept and server and not self.choices.key:
            self._parts.jobs.submit(lambda: keeper.key_for(server), self._key_found, self.notice.emit)

    def _key_found(self, key: str) -> None:
        if key and not self.choices.key:
            self.choices.key = key
            self.panel.show_address()
