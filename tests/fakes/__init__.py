"""Stand-ins for the edges of the services, with the behaviour of the real ones that tests rely on."""
