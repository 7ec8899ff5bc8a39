"""Signing in through the municipality's identity provider (OpenID Connect), and staying signed in without it."""
