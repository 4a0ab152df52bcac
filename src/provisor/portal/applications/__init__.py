"""Enterprise applications: all of them, adding one from the gallery, and who is assigned to one."""
