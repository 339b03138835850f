"""What the tests build their patients, records and requests with."""
