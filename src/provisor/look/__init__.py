"""What Provisor's web consoles share: pages and their look, two languages, sign-in, and what keeps a page safe.

A console is a `site.Site`: a list of pages, a folder of templates and a catalogue of translations. Everything a page may
do to whom is decided here once: who may see it, whether a form was sent by our own page, and which headers go out.
"""
