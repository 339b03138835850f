"""Is this body valid FHIR R4B, and if not, where, why and what helps? The strict reading.

A person asks for it. It never decides what is evaluated: the tolerant reader does.
"""

from cds.validation.body import validate_body
from cds.validation.report import Issue, Report

__all__ = ["Issue", "Report", "validate_body"]
