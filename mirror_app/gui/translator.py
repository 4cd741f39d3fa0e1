"""Room: gui. Lets Qt's own `tr` speak the app's language. Draws nothing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.language import Words


class Translator(QTranslator):
    """Gives Qt the sentences of `Words`; Qt's contexts play no part, an English sentence has one meaning."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def isEmpty(self) -> bool:
        """Never, or Qt would not ask."""
        return False

    def translate(self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The sentence in the app's language."""
        return self._words(source_text)


def spoken(text: MirrorError | str) -> str:
    """What an error or a sentence of the Qt-free rooms says, in the window's language. From any thread."""
    sentence = text.sentence if isinstance(text, MirrorError) else text
    if not isinstance(sentence, Sentence):
        return QCoreApplication.translate("", sentence)
    said = QCoreApplication.translate("", sentence.template)
    values = {name: spoken(one) if isinstance(one, Sentence) else one for name, one in sentence.values.items()}
    return said.format(**values) if values else said


def speak(application: QCoreApplication, words: Words) -> None:
    """Let the application speak a language, Qt's own dialogs included. Call it before any widget is made."""
    language = QLocale(words.language)
    if language.language() != QLocale().language():
        QLocale.setDefault(language)
    application.installTranslator(Translator(words, application))
    # Asked before ours, as it was installed later; it knows none of our contexts.
    dialogs = QTranslator(application)
    if dialogs.load(f"qtbase_{words.language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(dialogs)
