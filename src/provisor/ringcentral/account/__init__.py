"""What stands behind the protocol in a RingCentral account: seats, SCIM tokens, request limits, field rules."""
