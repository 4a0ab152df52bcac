"""Settings from the environment; the command line may override the database."""

from __future__ import annotations

import pathlib

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from provisor.notifications.smtp import Security

DEFAULT_FOLDER = pathlib.Path(".provisor")


class Settings(BaseSettings):
    """What a process is told from outside.

    `database_url`: `sqlite:///PATH` or `postgresql://…`; `secret_key`: one or several Fernet keys, the newest first,
    instead of the key file; `key_file`: where that file is (default: beside the SQLite database, else in `.provisor`).
    `smtp_…`: the mail server for notifications; without `smtp_host` no mail is sent. `log_retention_days` and
    `audit_retention_days`: how long the provisioning log and the audit log are kept.
    """

    model_config = SettingsConfigDict(env_prefix="PROVISOR_", env_ignore_empty=True, extra="ignore")

    database_url: str = f"sqlite:///{DEFAULT_FOLDER}/provisor.db"
    secret_key: str | None = Field(default=None, repr=False)
    key_file: pathlib.Path | None = None
    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_security: Security = Security.STARTTLS
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    smtp_from: str | None = None
    log_retention_days: int = Field(default=30, ge=1)
    audit_retention_days: int = Field(default=365, ge=1)

    @property
    def secret_key_file(self) -> pathlib.Path:
        """Where the key is kept that is made on first start."""
        if self.key_file is not None:
            return self.key_file
        if self.database_url.startswith("sqlite:///"):
            return pathlib.Path(self.database_url.removeprefix("sqlite:///")).with_suffix(".key")
        return DEFAULT_FOLDER / "provisor.key"
