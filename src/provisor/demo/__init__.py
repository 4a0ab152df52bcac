"""A company that does not exist, to show and to test provisioning with."""
