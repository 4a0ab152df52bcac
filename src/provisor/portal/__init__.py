"""The portal: the web console of the provisioning service, in French and English."""
