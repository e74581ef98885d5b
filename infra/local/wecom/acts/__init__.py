"""What people do: customers, staff, fans; every act may send an event."""
