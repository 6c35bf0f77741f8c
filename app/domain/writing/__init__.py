"""How names, addresses, times and other writing are read, compared and shown."""
