"""The icons: our own drawings, put into the page as SVG so that they take the colour of the text beside them."""

from __future__ import annotations

from importlib import resources

from markupsafe import Markup

_ATTRIBUTES = ' class="icon {}" aria-hidden="true" focusable="false"'


class Icons:
    """Every icon of the `icons` folder, by its name without `.svg`."""

    def __init__(self) -> None:
        folder = resources.files("provisor.look") / "icons"
        self._drawings = {
            file.name.removesuffix(".svg"): file.read_text(encoding="utf-8").strip()
            for file in folder.iterdir()
            if file.name.endswith(".svg")
        }

    @property
    def names(self) -> list[str]:
        return sorted(self._drawings)

    def __call__(self, name: str, kind: str = "") -> Markup:
        """An icon, hidden from screen readers: the text beside it says the same."""
        attributes = _ATTRIBUTES.format(kind).replace(' "', '"')
        return Markup(self._drawings[name].replace("<svg", f"<svg{attributes}", 1))  # noqa: S704 - our own files
