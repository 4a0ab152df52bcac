import datetime as dt
import re

import pytest

from provisor.look import languages
from provisor.look.formats import Formats
from provisor.look.languages import Language


@pytest.mark.parametrize(
    ("remembered", "accepted", "language"),
    [
        (None, "fr-CH, fr;q=0.9, en;q=0.8", Language.FRENCH),
        (None, "de, en;q=0.4, fr;q=0.7", Language.FRENCH),
        (None, "fr;q=0, en", Language.ENGLISH),
        (None, "en;q=high, fr;q=0.1", Language.FRENCH),
        (None, "de", Language.ENGLISH),
        (None, None, Language.ENGLISH),
        ("fr", "en", Language.FRENCH),
        ("xx", "fr", Language.FRENCH),
    ],
)
def test_a_visitor_reads_what_they_chose_or_what_their_browser_prefers(remembered, accepted, language):
    assert languages.chosen(remembered, accepted) is language


def test_numbers_and_moments_are_written_as_the_language_does():
    moment = dt.datetime(2027, 3, 1, 14, 5, 9, tzinfo=dt.UTC)
    english, french = Formats(Language.ENGLISH), Formats(Language.FRENCH)
    assert (english.number(12345), french.number(12345)) == ("12,345", "12\u202f345")
    assert "Mar 1, 2027, 14:05:09 UTC" in english.moment(moment)
    assert "1 mars 2027, 14:05:09 UTC" in french.moment(moment)
    assert 'datetime="2027-03-01T14:05:09.000Z"' in french.moment(moment)
    later = moment + dt.timedelta(days=3)
    assert ">in 3 days<" in english.ago(later, moment)
    assert re.search(r">dans 3\sjours<", french.ago(later, moment))
