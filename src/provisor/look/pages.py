"""Templates: one environment a language, everything that is put into a page escaped."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2

from provisor.look.formats import Formats
from provisor.look.icons import Icons
from provisor.look.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """A page in the navigation. `label` is a text to translate; `path` is below the site's prefix."""

    path: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationGroup:
    """Pages that belong together, under a title or, with an empty one, under none."""

    title: str
    entries: tuple[NavigationEntry, ...]

    @property
    def anchor(self) -> str:
        """An id for the title, so that the list can be named by it."""
        return f"nav-{self.entries[0].icon}"


class Pages:
    """The templates of a site in every language.

    :param packages: packages with a folder `templates`; one that comes earlier wins.
    :param texts: the translations of each language.
    :param globals_: what every template may use.
    """

    def __init__(
        self,
        packages: Iterable[str],
        texts: Mapping[Language, gettext.NullTranslations],
        globals_: Mapping[str, Any],
    ) -> None:
        loader = jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(str(resources.files(package) / "templates")) for package in packages]
        )
        self.icons = Icons()
        self._environments = {
            language: self._environment(loader, language, texts[language], globals_) for language in Language
        }

    def render(self, language: Language, template: str, context: Mapping[str, Any]) -> str:
        """A template filled in, in a language."""
        return self._environments[language].get_template(template).render(context)

    def _environment(
        self,
        loader: jinja2.BaseLoader,
        language: Language,
        texts: gettext.NullTranslations,
        globals_: Mapping[str, Any],
    ) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]
        install(texts, newstyle=True)
        formats = Formats(language)
        environment.globals.update(
            icon=self.icons, icon_names=self.icons.names, language=language, languages=Language, **globals_
        )
        environment.filters.update(
            number=formats.number,
            percent=formats.percent,
            date=formats.date,
            moment=formats.moment,
            clock=formats.clock,
            ago=formats.ago,
            duration=formats.duration,
        )
        return environment
