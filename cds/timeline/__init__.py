"""The picture of one assessment: what happened when, against which limits, and the same as rows."""

from cds.timeline.timeline import Timeline, draw

__all__ = ["Timeline", "draw"]
