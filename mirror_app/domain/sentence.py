"""Room: domain. English sentences for people that can still be said in another language. Translates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce


class Sentence(str):
    """A sentence that remembers the template and the values it was made of.

    It is the English text wherever a `str` is wanted; whoever speaks to a person looks the template up in the person's
    language. A value may be a `Sentence` too.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Sentence:
        """Fill the template's {named} gaps; without values it is taken as it is, braces and all."""
        if isinstance(template, Sentence) and not values:
            return template
        sentence = super().__new__(cls, template.format(**values) if values else template)
        sentence.template = str(template)
        sentence.values = values
        return sentence


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other; empty ones are left out, "" when all are."""
    said = [sentence for sentence in sentences if sentence]
    return reduce(lambda before, after: Sentence("{before} {after}", before=before, after=after), said) if said else ""


def either(choices: Sequence[str]) -> str:
    """Names of which one may be taken: "a, b or c"."""
    if len(choices) == 1:
        return choices[0]
    return Sentence("{others} or {last}", others=", ".join(choices[:-1]), last=choices[-1])
