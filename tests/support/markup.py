"""An HTML page as a tree, to ask it what a reader, a keyboard or a screen reader would meet."""

import itertools
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "hr", "img", "path", "rect", "circle"}


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []

    def __getitem__(self, name):
        return self.attributes[name]

    def get(self, name, default=None):
        return self.attributes.get(name, default)

    def walk(self):
        """Every element below this one, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def find(self, tag, **attributes):
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.walk()
            if element.tag == tag and all(element.get(name) == value for name, value in wanted.items())
        ]

    @property
    def text(self):
        """The words below, with single blanks."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self):
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in {"script", "style", "title"}:
                yield from child._texts()


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("document", {}, None)
        self.mistakes = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        self.mistakes += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        element = Element(tag, attrs, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.at.children.append(Element(tag, attrs, self.at))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.at.tag != tag:
            self.mistakes.append(f"</{tag}> closes <{self.at.tag}>")
            return
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)


def parse(text):
    """The tree of a page.

    :raises ValueError: for tags that are not closed in order, or an attribute given twice.
    """
    builder = _Builder()
    builder.feed(text)
    builder.close()
    if builder.mistakes or builder.at is not builder.root:
        raise ValueError(builder.mistakes or f"<{builder.at.tag}> is not closed")
    return builder.root


def shortcomings(page):
    """What a page lacks for somebody who cannot see it or has no mouse, one sentence each."""
    ids = [element["id"] for element in page.walk() if "id" in element.attributes]
    yield from (f"the id {each} is there twice" for each in sorted({i for i in ids if ids.count(i) > 1}))
    for element in page.walk():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            missing = set((element.get(name) or "").split()) - set(ids)
            if missing:
                yield f"<{element.tag} {name}> refers to {sorted(missing)}, which is not there"
    yield from _unnamed(page)
    levels = [int(element.tag[1]) for element in page.walk() if element.tag in {"h1", "h2", "h3", "h4"}]
    if levels.count(1) != 1:
        yield f"the page has {levels.count(1)} first headings"
    yield from (
        f"a heading of level {later} follows one of level {earlier}"
        for earlier, later in itertools.pairwise(levels)
        if later > earlier + 1
    )
    for landmark in ("main",):
        if len(page.find(landmark)) != 1:
            yield f"the page has {len(page.find(landmark))} <{landmark}>"
    if not page.find("html") or not page.find("html")[0].get("lang"):
        yield "the page does not say its language"
    if not page.find("title") or not "".join(page.find("title")[0].children).strip():
        yield "the page has no title"


def _unnamed(page):
    labelled = {label.get("for") for label in page.find("label")}
    for element in page.walk():
        if element.tag in {"input", "select", "textarea"} and element.get("type") not in {"hidden", "submit"}:
            named = element.get("aria-label") or element.get("aria-labelledby")
            if element.get("id") not in labelled and not named:
                yield f"<{element.tag} name={element.get('name')}> has no label"
        elif element.tag in {"button", "a", "summary"}:
            if not element.text and not element.get("aria-label"):
                yield f"<{element.tag} class={element.get('class')}> has no name"
        elif element.tag == "th" and not element.get("scope"):
            yield f"<th>{element.text}</th> does not say its scope"
        elif element.tag == "svg" and element.get("aria-hidden") != "true" and not element.get("aria-label"):
            yield "a drawing is neither named nor hidden"
