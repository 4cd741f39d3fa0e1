"""Room: tests. Every sentence for people is in the catalogue in good order, and no other language hides in the code."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final

import polib
import pytest

from mirror_app.domain import errors
from mirror_app.domain.errors import MirrorError
from mirror_app.language import LANGUAGES
from mirror_app.resources import assets_dir

PACKAGE: Final = Path(inspect.getfile(errors)).parents[1]
LITERAL_MARKS: Final = frozenset({"tr", "_tr", "translate", "Sentence"}) | {
    name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, MirrorError)
}
"""A call of one of these names takes a sentence as a literal: first, or second after the context of `translate`."""
SPEAKING_MARKS: Final = frozenset({"words", "_words"})
"""These take a literal, or a `Sentence` that was marked where it was made."""
VARIABLES_IN: Final = {
    "domain/errors.py": "the base of all errors hands its template on",
    "gui/translator.py": "looks marked sentences up",
    "cli/argument_parser.py": "fills the gaps of a marked sentence",
    "gui/control/client.py": "the window's answer is in the person's language already",
    "gui/display.py": "passes on what `explain` says",
    "cli/__init__.py": "passes on what `explain` says",
}
"""Files in which a literal mark takes a variable, and why that is right."""
CHINESE_IN: Final = {
    "cli/columns.py": "marks that a line must not begin or end with",
    "cli/question.py": "what may be typed as a yes",
    "compose/card.py": "the card speaks both languages at once",
    "compose/label.py": "the mark in the picture speaks both languages at once",
    "gui/label/duty_dialog.py": "nobody takes over a duty that cannot be read: both languages at once",
    "gui/faces/consent_dialog.py": "nobody agrees to something that cannot be read: both languages at once",
}
"""Files that may hold Chinese, and why."""

SHOWING: Final = frozenset(
    {
        "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setInformativeText",
        "setAccessibleDescription", "setStatusTip", "addButton", "addAction", "addItem", "QLabel", "QPushButton",
        "QCheckBox", "say", "note", "show_message",
    }
)  # fmt: skip
"""These show their argument to a person: a literal with words in it was forgotten."""
WORDS_OF_NOBODY: Final = frozenset({"fps", "ms", "mirror-app"})
"""Words that are the same in both languages."""

_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Marked:
    """One sentence in the code, or None where a marked call has no literal."""

    place: str
    mark: str
    text: str | None
    is_built: bool


def _name(function: ast.expr) -> str:
    """What is called; Qt's rectangles can be translated too, which is not meant."""
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        return function.attr if function.attr != "translate" or owner == "QCoreApplication" else ""
    return function.id if isinstance(function, ast.Name) else ""


def _texts(node: ast.expr) -> Iterator[tuple[str | None, bool]]:
    """The literals an expression can be; None for a variable; True where a sentence is put together."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, False
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case ast.JoinedStr() | ast.BinOp():
            yield None, True
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace")):
            yield None, True
        case _:
            yield None, False


def _spoken_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those of a module's own `_tr`, which only names the context."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.FunctionDef) and node.name == "_tr"):
            yield node
            yield from _spoken_nodes(node)


def _marked_in(path: Path) -> Iterator[Marked]:
    file = path.relative_to(PACKAGE).as_posix()
    for node in _spoken_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or _name(node.func) not in LITERAL_MARKS | SPEAKING_MARKS:
            continue
        mark = _name(node.func)
        position = 1 if mark == "translate" else 0
        if len(node.args) > position and not isinstance(node.args[position], ast.Starred):
            for text, is_built in _texts(node.args[position]):
                yield Marked(f"{file}:{node.lineno}", mark, text, is_built)


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


MARKED: Final = [marked for path in _files() for marked in _marked_in(path)]
FACES: Final = tomllib.loads((assets_dir() / "targets" / "catalogue.toml").read_text(encoding="utf-8"))
CREDITS: Final = {face["credit"]: f"targets/catalogue.toml: {name}" for name, face in FACES.items()}
SENTENCES: Final = {marked.text: marked.place for marked in MARKED if marked.text} | CREDITS
CATALOGUE: Final = polib.pofile(str(assets_dir() / "locale" / f"{LANGUAGES[1]}.po"), encoding="utf-8")


def _gaps(text: str) -> list[str]:
    try:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return [f"no template: {text}"]


def _ending(text: str) -> str:
    """How a text ends, the same sign for both languages; a full stop inside quotes or after a gap counts too."""
    sign = text.rstrip()[-1:]
    return {"。": ".", "？": "?", "！": "!", "：": ":"}.get(sign, sign if sign in ".?!:…" else "")


def test_every_sentence_has_a_translation() -> None:
    translated = {entry.msgid for entry in CATALOGUE if entry.msgstr}
    missing = [f"{place}: {text}" for text, place in SENTENCES.items() if text not in translated]
    assert not missing, "\n".join(["these sentences have no Chinese:", *missing])


def test_the_catalogue_holds_nothing_that_is_not_said() -> None:
    unused = [entry.msgid for entry in CATALOGUE if entry.msgid not in SENTENCES or entry.obsolete]
    assert not unused, "\n".join(["these entries are not used:", *unused])


def test_no_entry_stands_twice_or_is_fuzzy() -> None:
    entries = [entry.msgid for entry in CATALOGUE]
    assert [one for one in entries if entries.count(one) > 1] == []
    assert [entry.msgid for entry in CATALOGUE if entry.fuzzy] == []


@pytest.mark.parametrize("same", [_gaps, _ending], ids=["gaps", "endings"])
def test_both_languages_have_the_same(same: Callable[[str], object]) -> None:
    assert [entry.msgstr for entry in CATALOGUE if same(entry.msgid) != same(entry.msgstr)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        r"[\u3400-\u9fff][,;:?!]|[,;?!][\u3400-\u9fff]",  # Western marks beside Chinese
        r"[\u3400-\u9fff]\.(\s|$)",
        r"[，。；：？！、）] | [，。；：？！、（]",  # spaces beside marks that bring their own
        r"  ",
        r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]",  # no space between Chinese and Latin
    ],
)
def test_chinese_is_set_as_chinese(wrong: str) -> None:
    texts = [re.sub(r"`[^`]*`", "x", entry.msgstr).replace("AI生成", "") for entry in CATALOGUE]
    assert [text for text in texts if re.search(wrong, text)] == []


def test_sentences_are_literals() -> None:
    built = [f"{one.place}: {one.mark}" for one in MARKED if one.is_built]
    assert not built, "\n".join(["these put a sentence together instead of naming its gaps:", *built])
    variables = [
        f"{one.place}: {one.mark}"
        for one in MARKED
        if one.text is None and one.mark in LITERAL_MARKS and one.place.split(":")[0] not in VARIABLES_IN
    ]
    assert not variables, "\n".join(["these take a variable where a literal is needed:", *variables])


def _literal_words(node: ast.expr) -> str:
    """What a text holds by itself, without its values."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return " ".join(_literal_words(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return f"{_literal_words(left)} {_literal_words(right)}"
    return ""


def test_nothing_is_shown_that_was_not_marked() -> None:
    forgotten = []
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SHOWING and node.args:
                words = set(re.findall(r"[A-Za-z][A-Za-z-]+", _literal_words(node.args[0])))
                if words - WORDS_OF_NOBODY:
                    forgotten.append(f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}: {sorted(words)}")
    assert not forgotten, "\n".join(["these show words that nobody can translate:", *forgotten])


def test_the_lists_of_exceptions_are_not_longer_than_needed() -> None:
    with_variables = {one.place.split(":")[0] for one in MARKED if one.text is None and one.mark in LITERAL_MARKS}
    assert set(VARIABLES_IN) <= with_variables
    with_chinese = {file.relative_to(PACKAGE).as_posix() for file in _files() if _HAN.search(file.read_text("utf-8"))}
    assert set(CHINESE_IN) - {"cli/columns.py"} <= with_chinese


def test_no_chinese_stands_in_the_code() -> None:
    names = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in _files()}
    assert [name for name, code in names.items() if name not in CHINESE_IN and _HAN.search(code)] == []
