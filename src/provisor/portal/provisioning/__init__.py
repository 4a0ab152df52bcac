"""Provisioning of an application: credentials, settings, the job and how it fares."""
