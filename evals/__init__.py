"""Cases, measures, runs, gate and report: what decides whether a release may ship."""
