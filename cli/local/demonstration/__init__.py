"""The demo: three years of a simulated municipality through the running services, and what comes of it."""
