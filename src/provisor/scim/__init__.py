"""The vocabulary of SCIM that both ends of the wire share (RFC 7643, RFC 7644)."""
