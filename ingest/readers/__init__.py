"""One module a format: bytes → blocks. `sniffing` tells formats apart by content, `worker` runs the risky ones in a child."""
