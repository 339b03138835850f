"""What do the rules rest on? Numbers, codes, drugs and evidence, loaded and checked once."""

from rules.knowledge.loading import KnowledgeError, load_knowledge
from rules.knowledge.model import Knowledge

__all__ = ["Knowledge", "KnowledgeError", "load_knowledge"]
