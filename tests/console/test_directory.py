"""Directory Integration: choosing, scanning, enabling, tokens and limits, each seen to take effect on SCIM requests."""

import csv
import io

import pytest

from provisor.ringcentral.account.knobs import Divergence
from provisor.ringcentral.account.settings import Name, ScimService

DAY = 24 * 3600


def share_an_email(console, administrator, email="=cmd@example.com"):
    """Two users with one e-mail, which the account allows only by a knob."""
    administrator.post("/knobs", {**knob_fields(administrator), "email-divergence": Divergence.ALLOW.value})
    console.clock.tell(2)
    emails = [{"type": "work", "value": email}]
    return [
        console.create_user("one@example.com", "Ann", "One", emails=emails),
        console.create_user("two@example.com", "Bo", "Two", emails=emails),
    ]


def knob_fields(visitor):
    """What the form of the knobs sends as it stands."""
    fields = {}
    for element in visitor.get("/knobs").page.find("form", action="/admin/knobs")[0].walk():
        if element.tag == "select":
            chosen = [each for each in element.find("option") if "selected" in each.attributes]
            fields[element["name"]] = chosen[0].text
        elif element.tag == "input" and element.get("type") in {"number", "hidden"}:
            fields[element["name"]] = element["value"]
        elif element.get("type") == "checkbox" and "checked" in element.attributes:
            fields.setdefault(element["name"], []).append(element["value"])
    fields.pop("form_token")
    return fields


def test_the_page_shows_the_base_url_and_which_directories_there_are(console, administrator):
    page = administrator.get("/directory").page
    assert console.provider.base_url in page.text
    choices = {each["value"]: "disabled" in each.attributes for each in page.find("input", name="provider")}
    assert choices == {
        "scim": False, "none": False, "google": True, "okta": True, "active-directory": True
    }  # fmt: skip
    assert [each["value"] for each in page.find("input", name="provider", checked=None)][:1] == ["scim"]


def test_disabling_the_service_refuses_scim_and_enabling_lets_it_in_again(console, administrator):
    assert console.scim("GET", "/Users")[0] == 200
    assert "Disable the SCIM service?" in administrator.get("/directory/disable").words
    assert console.scim("GET", "/Users")[0] == 200
    answer = administrator.post("/directory/disable")
    assert "every request is refused" in answer.words
    console.clock.tell(2)
    assert console.scim("GET", "/Users")[0] == 403
    assert "No duplicate e-mails" in administrator.get("/directory/enable").words
    assert "The SCIM service is enabled." in administrator.post("/directory/enable").words
    assert "Last switched by ada" in administrator.get("/directory").words
    console.clock.tell(2)
    assert console.scim("GET", "/Users")[0] == 200


def test_the_directory_can_only_be_changed_while_the_service_is_disabled(administrator):
    answer = administrator.post("/directory/provider", {"provider": "none"})
    assert "Disable the SCIM service before you choose another directory." in answer.words
    administrator.post("/directory/disable")
    assert "not available here" in administrator.post("/directory/provider", {"provider": "okta"}).words
    assert (
        "The directory was chosen." in administrator.post("/directory/provider", {"provider": "none"}).words
    )
    administrator.post("/directory/enable")
    page = administrator.get("/directory").page
    checked = [each["value"] for each in page.find("input", name="provider") if "checked" in each.attributes]
    assert checked == ["scim"]


def test_a_shared_email_keeps_the_service_from_being_enabled(console, administrator):
    administrator.post("/directory/disable")
    administrator.post("/directory/enable")
    ids = share_an_email(console, administrator)
    administrator.post("/directory/disable")
    for answer in (administrator.get("/directory/enable"), administrator.post("/directory/enable")):
        assert answer.path.startswith("/admin/directory/duplicates")
        assert "The SCIM service was not enabled." in answer.words
        assert all(each in answer.words for each in [*ids, "=cmd@example.com", "Ann One", "Bo Two"])
    console.clock.tell(2)
    assert console.scim("GET", "/Users")[0] == 403


def test_the_list_of_shared_emails_is_a_file_without_formulas(console, administrator):
    ids = share_an_email(console, administrator)
    answer = administrator.get("/directory/duplicates.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="duplicate-emails.csv"'
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows == [
        ["E-mail", "User id", "User name", "Name"],
        ["'=cmd@example.com", ids[0], "one@example.com", "Ann One"],
        ["'=cmd@example.com", ids[1], "two@example.com", "Bo Two"],
    ]


def test_what_the_command_line_decides_cannot_be_switched_here(overriding):
    _, administrator = overriding(values={Name.SCIM_SERVICE: ScimService.ENABLED})
    page = administrator.get("/directory").page
    assert "The command line decides this" in page.text
    assert page.find("a", href="/admin/directory/disable") == []


# -- tokens ----------------------------------------------------------------


def created(administrator, **fields):
    answer = administrator.post("/directory/tokens", fields)
    page = answer.page
    [secret] = page.find("span", aria_label="SCIM token")
    return secret.text, answer


def row_of(administrator, description):
    rows = administrator.get("/directory/tokens").page.find("tr")
    return next(row for row in rows if description in row.text)


def test_a_token_is_shown_once_and_opens_scim(console, administrator):
    secret, answer = created(administrator, description="Payroll", lifetime="30")
    assert answer.headers["Cache-Control"] == "no-store"
    assert console.scim("GET", "/Users", token=secret)[0] == 200
    again = administrator.get("/directory/tokens")
    assert secret not in again.text
    row = row_of(administrator, "Payroll")
    assert "Created by ada" in row.text
    assert "Valid" in row.text
    assert "in 4 weeks" in row.text
    assert "Not yet" not in row.text


def test_a_token_about_to_expire_is_marked_and_then_refused(console, administrator):
    secret, _ = created(administrator, description="Short", lifetime="7")
    console.clock.tell(5 * DAY)
    administrator = console.administrator("grace")
    [badge] = [
        each for each in row_of(administrator, "Short").find("span") if "warning" in each.get("class", "")
    ]
    assert badge.text == "in 2 days"
    console.clock.tell(2 * DAY)
    administrator = console.administrator("grace")
    assert "Expired" in row_of(administrator, "Short").text
    assert console.scim("GET", "/Users", token=secret)[0] == 401


def test_a_rotated_token_works_for_its_time_of_grace(console, administrator):
    old, _ = created(administrator, description="Payroll", lifetime="")
    link = row_of(administrator, "Payroll").find("a")[0]["href"]
    assert "Rotate “Payroll”?" in administrator.get(link).words
    answer = administrator.post(link, {"grace": "1", "lifetime": "30"})
    [new] = answer.page.find("span", aria_label="SCIM token")
    assert [console.scim("GET", "/Users", token=each)[0] for each in (old, new.text)] == [200, 200]
    console.clock.tell(3601)
    assert [console.scim("GET", "/Users", token=each)[0] for each in (old, new.text)] == [401, 200]


def test_a_revoked_token_opens_nothing_and_offers_nothing(console, administrator):
    secret, _ = created(administrator, description="Payroll")
    link = row_of(administrator, "Payroll").find("a")[1]["href"]
    assert "Revoke “Payroll”?" in administrator.get(link).words
    assert "The token is revoked" in administrator.post(link).words
    console.clock.tell(2)
    assert console.scim("GET", "/Users", token=secret)[0] == 401
    row = row_of(administrator, "Payroll")
    assert "Revoked" in row.text
    assert row.find("a") == []
    assert administrator.get(link).status == 404


@pytest.mark.parametrize("action", ["rotate", "revoke"])
def test_a_token_that_is_not_there_is_not_found(administrator, action):
    assert administrator.get(f"/directory/tokens/nobody/{action}").status == 404
    assert administrator.post(f"/directory/tokens/nobody/{action}").status == 404


def test_a_description_that_is_too_long_comes_back_with_what_was_typed(administrator):
    answer = administrator.post("/directory/tokens", {"description": "x" * 101})
    assert answer.status == 422
    assert "at most 100 characters" in answer.words
    assert answer.page.find("input", id="description")[0]["value"] == "x" * 101


# -- limits ----------------------------------------------------------------

LIMITS = {"limited": "yes", "light": "3", "heavy": "2", "auth": "5", "window": "60", "penalty": "30"}


def test_stored_limits_hold_for_the_next_request_and_are_shown_in_meters(console, administrator):
    assert "the next request goes by them" in administrator.post("/directory/limits", LIMITS).words
    console.clock.tell(2)
    assert [console.scim("GET", "/Users")[0] for _ in range(4)] == [200, 200, 200, 429]
    page = administrator.get("/directory/limits").page
    assert "3 of 3 requests" in page.text
    assert "Silent until the penalty is over" in page.text
    console.clock.tell(31)
    assert "Silent until" not in administrator.get("/directory/limits").words


def test_limits_can_be_switched_off(console, administrator):
    administrator.post("/directory/limits", LIMITS)
    administrator.post("/directory/limits", {key: value for key, value in LIMITS.items() if key != "limited"})
    console.clock.tell(2)
    assert {console.scim("GET", "/Users")[0] for _ in range(10)} == {200}
    assert "Every request is served" in administrator.get("/directory/limits").words


@pytest.mark.parametrize(
    ("field", "value"),
    [("light", "0"), ("heavy", "many"), ("window", "0"), ("penalty", "-1"), ("auth", "1" * 12)],
)
def test_a_limit_that_is_none_is_refused_beside_its_field(administrator, field, value):
    answer = administrator.post("/directory/limits", {**LIMITS, field: value})
    assert answer.status == 422
    [wrong] = [each for each in answer.page.find("input") if each.get("aria-invalid")]
    assert (wrong["name"], wrong["value"]) == (field, value)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(console, administrator):
    version = administrator.get("/directory/limits").page.find("input", name="version")[0]["value"]
    administrator.post("/directory/limits", {**LIMITS, "version": version})
    answer = administrator.post("/directory/limits", {**LIMITS, "light": "999", "version": version})
    assert "Somebody else changed this meanwhile." in answer.words
    assert administrator.get("/directory/limits").page.find("input", id="light")[0]["value"] == "3"


# -- knobs -----------------------------------------------------------------


def test_a_turned_knob_changes_what_scim_answers_and_can_be_turned_back(console, administrator):
    fields = knob_fields(administrator)
    answer = administrator.post("/knobs", {**fields, "unknown-attributes": "reject"})
    assert "The knobs are stored" in answer.words
    assert "Last turned by ada" in answer.words
    console.clock.tell(2)
    odd = {"nickName": "Amazing Grace"}
    with pytest.raises(AssertionError, match="400"):
        console.create_user(**odd)
    assert "Turn every knob back" in administrator.get("/knobs/reset").words
    assert "Every knob is at its default." in administrator.post("/knobs/reset").words
    console.clock.tell(2)
    assert console.create_user(**odd)


def test_a_value_a_knob_cannot_have_stores_nothing(administrator):
    fields = knob_fields(administrator)
    answer = administrator.post("/knobs", {**fields, "max-count": "0", "unknown-attributes": "reject"})
    assert answer.status == 422
    assert "This knob cannot have that value." in answer.words
    assert knob_fields(administrator) == fields


def test_every_knob_is_explained_in_both_languages(administrator, console):
    from provisor.ringcentral.account.knob_texts import KNOBS

    english = administrator.get("/knobs").words
    french = administrator.get("/knobs", Accept_Language="fr").words
    for knob in KNOBS.values():
        assert knob.meaning["en"] in english
        assert knob.meaning["fr"] in french


def test_a_knob_of_the_command_line_cannot_be_turned_here(overriding):
    _, administrator = overriding(knobs={"max_count": 7})
    page = administrator.get("/knobs").page
    [field] = page.find("input", name="max-count")
    assert (field["value"], "disabled" in field.attributes) == ("7", True)
    assert "Set on the command line" in page.text
    assert "The knobs are stored" in administrator.post("/knobs", knob_fields(administrator)).words


# -- faults ----------------------------------------------------------------


def test_faults_are_stored_meet_requests_and_are_counted(console, administrator):
    answer = administrator.post("/faults", {"script": "503 on reads, every 2 requests\nseed 7"})
    assert "the next request meets them" in answer.words
    console.clock.tell(2)
    assert [console.scim("GET", "/Users")[0] for _ in range(4)] == [200, 503, 200, 503]
    [row] = [each for each in administrator.get("/faults").page.find("tr") if "503" in each.text]
    assert [cell.text for cell in row.find("td")] == ["4", "2"]
    assert administrator.get("/faults").page.find("textarea")[0].text.startswith("seed 7")
    assert "No faults any more." in administrator.post("/faults/clear").words
    console.clock.tell(2)
    assert {console.scim("GET", "/Users")[0] for _ in range(4)} == {200}


def test_an_example_is_added_to_what_is_there(administrator):
    administrator.post("/faults", {"script": "ignore patch"})
    page = administrator.get("/faults").page
    examples = [each["value"] for each in page.find("input", name="fault")]
    for example in examples:
        assert administrator.post("/faults/add", {"fault": example}).status == 200
    lines = administrator.get("/faults").page.find("textarea")[0].text
    assert lines.startswith("ignore patch")
    assert len(examples) == 10


def test_a_fault_that_cannot_be_understood_is_refused_with_its_line(console, administrator):
    script = "503 on reads\nexplode on POST"
    answer = administrator.post("/faults", {"script": script})
    assert answer.status == 422
    assert "line 2" in answer.words
    assert answer.page.find("textarea")[0].text == "503 on reads explode on POST"
    console.clock.tell(2)
    assert console.scim("GET", "/Users")[0] == 200
