"""What people see: pages, JSON API and command line."""
