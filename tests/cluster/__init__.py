"""Several processes of one instance, on PostgreSQL and NATS."""
