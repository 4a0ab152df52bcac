"""Somebody who visits a console over HTTP: cookies, redirects, and forms with what is hidden in them."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from support import markup


class Answer:
    def __init__(self, path, response, body):
        self.path, self.status, self.headers = path, response.status, response.headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    @property
    def page(self):
        return markup.parse(self.text)

    @property
    def words(self):
        return self.page.text


class Visitor:
    """A browser without script.

    :param origin: such as `http://127.0.0.1:40123`.
    """

    def __init__(self, origin, prefix="/admin", **headers):
        self.origin, self.prefix, self.cookies = origin, prefix, {}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.set_cookies = []

    def get(self, path, *, follow=True, **headers):
        return self._ask("GET", path, None, follow, headers)

    def post(self, path, fields=(), *, follow=True, form_token=None, **headers):
        """Send a form, with the token of our forms unless another one is given."""
        token = self.form_token() if form_token is None else form_token
        body = urlencode([*dict(fields).items(), ("form_token", token)], doseq=True)
        return self._ask("POST", path, body, follow, headers)

    def form_token(self):
        """What a page of ours hides in its forms."""
        page = self.get("/sign-in").page
        return page.find("input", name="form_token")[0]["value"]

    def _ask(self, method, path, body, follow, headers):
        path = path if path.startswith(self.prefix) else self.prefix + path
        connection = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=30)
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            answer = Answer(path, response, response.read())
        finally:
            connection.close()
        self._keep_cookies(answer)
        if follow and answer.status == 303:
            return self.get(urljoin(path, answer.headers["Location"]))
        return answer

    def _keep_cookies(self, answer):
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.set_cookies.append(line)
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
