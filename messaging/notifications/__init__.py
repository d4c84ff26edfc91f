"""The listener's service: it runs the subscription of one user, or as an auditor that of all users."""
