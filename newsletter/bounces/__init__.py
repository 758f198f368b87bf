"""What a server's refusal of a mail means, by its code (RFC 3463) before its words."""

from newsletter.bounces.bounce_classes import BounceClass, class_of, enhanced_code

__all__ = ["BounceClass", "class_of", "enhanced_code"]
