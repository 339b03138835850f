"""The CDS Hooks wire: discovery, requests, prefetch and cards."""
