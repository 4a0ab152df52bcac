"""Every decision of the service, pure: no I/O, no clock, no third-party import."""
