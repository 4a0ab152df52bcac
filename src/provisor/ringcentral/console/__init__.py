"""The admin console of the service provider: Directory Integration, SCIM tokens, people, seats, requests and knobs."""
