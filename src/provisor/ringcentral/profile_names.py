"""The names of the profiles, in a module that costs nothing to import."""

from enum import StrEnum


class ProfileName(StrEnum):
    """How the service provider behaves: as RingCentral documents it, as the RFCs do, or within another target's limits."""

    RINGCENTRAL = "ringcentral"
    FULL = "full"
    AWS_IDENTITY_CENTER = "aws-identity-center"
    KEYCLOAK = "keycloak"
    ZITADEL = "zitadel"
    VCENTER = "vcenter"
    LOGFIRE = "logfire"
    EPTURA = "eptura"
