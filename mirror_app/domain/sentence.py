"""Room: domain. English sentences for people that can still be said in another language. Translates nothing."""

from __future__ import annotations

from collections.abc import Mapping


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
