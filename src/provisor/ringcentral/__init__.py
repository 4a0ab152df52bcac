"""A SCIM 2.0 service provider with RingCentral's profile, to provision against without buying anything.

`serving` starts it, `background` runs it inside another process, `profiles` says how each profile behaves.
It shares nothing with Provisor but the wire: its own tables, its own database URL.
"""
