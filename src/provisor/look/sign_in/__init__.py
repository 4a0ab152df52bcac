"""Who may enter a console: administrators with passwords, their sessions, and the link that makes the first of them."""
