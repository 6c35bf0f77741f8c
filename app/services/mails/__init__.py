"""What each kind of mail says; the worker asks when it is about to send one."""
