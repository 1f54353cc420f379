"""From any file a policy office has to articles one can cite: read → structure → check → library → index."""
