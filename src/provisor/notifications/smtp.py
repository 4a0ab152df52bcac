"""Notices as mails, over SMTP."""

from __future__ import annotations

import email.utils
import enum
from dataclasses import dataclass, field
from email.message import EmailMessage

import aiosmtplib

from provisor.core.errors import NotSentError
from provisor.core.notification import Notice

_TIMEOUT = 30.0


class Security(enum.StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOptions:
    """The mail server; a `port` of None is the usual one, a `user` of None sends without authentication."""

    host: str
    sender: str
    security: Security = Security.STARTTLS
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class SmtpMailer:
    """Sends notices over one mail server."""

    def __init__(self, options: SmtpOptions) -> None:
        self._options = options

    async def send(self, notice: Notice) -> None:
        options = self._options
        port = options.port or _PORTS[options.security]
        try:
            await aiosmtplib.send(
                _message(notice, options.sender),
                hostname=options.host,
                port=port,
                username=options.user,
                password=options.password if options.user else None,
                use_tls=options.security is Security.TLS,
                start_tls=options.security is Security.STARTTLS,
                timeout=_TIMEOUT,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSentError(
                f"The mail server {options.host}:{port} did not take the mail: {_reason(error)}. It is tried again; check "
                "PROVISOR_SMTP_HOST, PROVISOR_SMTP_PORT, PROVISOR_SMTP_SECURITY, PROVISOR_SMTP_USER and "
                "PROVISOR_SMTP_PASSWORD."
            ) from error


def _message(notice: Notice, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = notice.recipient
    message["Subject"] = notice.subject
    message["Date"] = email.utils.format_datetime(notice.created)
    # always the same for one notice, so that a copy sent after a crash is known as one
    domain = email.utils.parseaddr(sender)[1].rpartition("@")[2] or "provisor"
    message["Message-ID"] = f"<{notice.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answer
    message.set_content(notice.body)
    return message


def _reason(error: Exception) -> str:
    match error:
        case aiosmtplib.SMTPResponseException():
            return f"{error.code} {' '.join(str(error.message).split())[:200]}"
        case _:
            return " ".join(str(error).split())[:200] or type(error).__name__
