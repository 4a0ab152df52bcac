"""The administrators of the console as those who let applications into the account."""

from __future__ import annotations

import math

from provisor.look.sign_in.entrance import Entrance, SignedIn, TooManyAttempts
from provisor.look.sign_in.roles import Role
from provisor.ringcentral.account.scopes import ALL_SCOPES, READ_ONLY
from provisor.ringcentral.protocol.oauth_consent import Approved, Approver, NotApproved


def approver(entrance: Entrance) -> Approver:
    """Who looks at a name and a password; a reader can let an application read, and no more."""

    def approve(name: str, password: str, address: str) -> Approved | NotApproved:
        match entrance.sign_in(name, password, address):
            case SignedIn(session=session):
                entrance.sign_out(session)
                scopes = READ_ONLY if session.role is Role.READER else ALL_SCOPES
                return Approved(subject=session.administrator, scopes=scopes)
            case TooManyAttempts(wait=wait):
                minutes = math.ceil(wait.total_seconds() / 60)
                return NotApproved(sentence=f"Too many attempts. Try again in {minutes} minutes.")
        return NotApproved(sentence="The name or the password is wrong.")

    return approve
