"""The listener's service: it receives the notices of one user, or as an auditor those of all."""
