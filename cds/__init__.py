"""The web service: CDS Hooks requests and FHIR Bundles in, informational cards out."""
