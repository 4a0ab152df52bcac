"""Translations, read from `.po` files when a console starts, so that nothing compiled stands in the repository.

English needs no catalogue: the texts in templates and code are English, and each is its own key.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable

from babel.messages import mofile, pofile

from provisor.look.languages import Language


def _(text: str) -> str:
    """Marks a text for translation where it is written; it is translated where it is shown."""
    return text


mark = _


def read(folders: Iterable[Traversable]) -> Mapping[Language, gettext.NullTranslations]:
    """The texts of every language.

    :param folders: where `fr.po` and its like stand; a text found in an earlier folder wins.
    """
    places = list(folders)
    return {language: _texts(places, language) for language in Language}


def _texts(folders: list[Traversable], language: Language) -> gettext.NullTranslations:
    texts = gettext.NullTranslations()
    for folder in reversed(folders):
        file = folder / f"{language.value}.po"
        if file.is_file():
            found = _read_file(file, language)
            found.add_fallback(texts)
            texts = found
    return texts


def _read_file(file: Traversable, language: Language) -> gettext.GNUTranslations:
    with file.open("rb") as opened:
        catalogue = pofile.read_po(opened, locale=language.value, abort_invalid=True)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
